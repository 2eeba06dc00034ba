namespace Assay.Trainer;

/// <summary>What is trained, from what, and what it is called.</summary>
/// <param name="Pictures">The folder with <c>train</c>, <c>validation</c> and perhaps <c>SOURCES.tsv</c>.</param>
/// <param name="Start">The folder of a package with a SqueezeNet 1.1, whose weights training starts from.</param>
/// <param name="Output">Where the package goes.</param>
/// <param name="Unseen">Sources that are kept out of training: the model is judged on these. None: it is judged on <c>validation</c>.</param>
/// <param name="LeaveOut">In how many parts the other sources are left out in turn, to tell how each is judged unseen: so many further trainings. 0: none.</param>
/// <param name="LeaveOutBatches">How long each of these trains, in batches of 48.</param>
/// <param name="Rendered">How many pictures of each sort are drawn in addition, for labels that can be drawn.</param>
/// <param name="Batches">How long it trains, in batches of 48.</param>
/// <param name="Seed">Decides everything random.</param>
/// <param name="Side">Width and height of the network's input, pixels.</param>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The model's version.</param>
/// <param name="Question">The question that it answers.</param>
/// <param name="Licence">The model's licence.</param>
internal sealed record TrainOptions(
    string Pictures, string Start, string Output, IReadOnlyList<string> Unseen, int LeaveOut, int LeaveOutBatches, int Rendered, int Batches, int Seed, int Side, string Name, string Version, string Question, string Licence)
{
    /// <summary>The command that does the same again; where pictures, start and package lie is for the reader to fill in.</summary>
    public string Command =>
        $"services/trainer/train PICTURES START PACKAGE --rendered {Rendered} --batches {Batches} --seed {Seed} --side {Side}"
        + $" --name {Name} --model-version {Version} --licence {Licence} --question \"{Question}\""
        + (LeaveOut == 0 ? "" : $" --leave-out {LeaveOut} --leave-out-batches {LeaveOutBatches}")
        + (Unseen.Count == 0 ? "" : $" --unseen {string.Join(' ', Unseen)}");
}
