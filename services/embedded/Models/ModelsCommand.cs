using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using Spectre.Console;

namespace Assay.Embedded.Models;

/// <summary><c>assay models</c>: which models there are, and which of them answer.</summary>
internal static class ModelsCommand
{
    /// <summary>Who decides.</summary>
    public static Option<string> By { get; } = new("--by") { Description = "In whose name, for the record. Default: the user of this machine.", HelpName = "WHO", DefaultValueFactory = _ => Environment.UserName };

    public static Command Create() => new("models", "Keeps model packages, and says which of them answer.")
    {
        CreateList(),
        CreateShow(),
        CreateAdd(),
        CompareCommand.Create(),
        ReportCommand.Create(),
        CreateMove("activate", ModelState.Active, "Makes a version of a model answer; the version of the same name that did so retires. Going back is the same command."),
        CreateMove("shadow", ModelState.Shadow, "Lets a version of a model watch: it sees every image that comes, and its answers do not count."),
        CreateMove("retire", ModelState.Retired, "Lets a version of a model answer no more. What it has answered stays."),
    };

    private static Command CreateList()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object per version." };
        var command = new Command("list", "Lists all versions of all models and what each is for.") { json };
        return WithAction(command, async (parsed, place, cancellationToken) =>
        {
            var models = await place.Services.GetRequiredService<ModelRegistry>().ListAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                foreach (var (model, state) in models)
                    Console.WriteLine(JsonSerializer.Serialize(new ModelLine(model, state), JsonSerializerOptions.Web));
                return AssayCommand.Done;
            }
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Model", "Version", "State", "Since (UTC)", "By", "Question", "Labels");
            foreach (var (model, state) in models)
            {
                table.AddRow(
                    model.Name, model.Version, state.State == ModelState.Active ? $"[green]{state.State}[/]" : state.State, Time(state.ChangedAt), Terminal.Shown(state.ChangedBy), Terminal.Shown(model.Question),
                    model.Labels.Length.ToString(CultureInfo.InvariantCulture));
            }
            Terminal.Open(Console.Out).Write(table);
            return AssayCommand.Done;
        });
    }

    private static Command CreateShow()
    {
        var name = NameArgument();
        var command = new Command("show", "Shows all versions of a model: what they are, and what became of them when.") { name };
        return WithAction(command, async (parsed, place, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            var versions = (await place.Services.GetRequiredService<ModelRegistry>().ListAsync(cancellationToken)).Where(one => one.Model.Name == wanted).ToList();
            if (versions.Count == 0)
            {
                Terminal.WriteError($"There is no model {wanted} in {place}: 'assay models list' shows what there is.");
                return AssayCommand.Unfinished;
            }
            var history = await ModelHistory.ReadAsync(place.Catalog, wanted, cancellationToken);
            var console = Terminal.Open(Console.Out);
            foreach (var (model, state) in versions)
            {
                console.Write(new Rule($"[bold]{model.Name} {model.Version}[/]  {state.State}").LeftJustified());
                var facts = new Grid().AddColumn().AddColumn();
                facts.AddRow("Question", Terminal.Shown(model.Question)).AddRow("Labels", Terminal.Shown(string.Join(", ", model.Labels))).AddRow("Licence", Terminal.Shown(model.Licence))
                    .AddRow("model.onnx", string.Create(CultureInfo.InvariantCulture, $"{model.Bytes:N0} bytes, SHA-256 {model.Sha256}")).AddRow("Package", model.PackageSha256)
                    .AddRow("Answers", string.Create(CultureInfo.InvariantCulture, $"{history.Answers.GetValueOrDefault(model.PackageSha256):N0}"));
                console.Write(facts);
            }
            var table = new Table().Border(TableBorder.Simple).AddColumns("When (UTC)", "Version", "Became", "By");
            foreach (var change in history.Changes)
                table.AddRow(Time(change.ChangedAt), change.Version, change.State, Terminal.Shown(change.ChangedBy));
            console.Write(table);
            return AssayCommand.Done;
        });
    }

    private static Command CreateAdd()
    {
        var source = new Argument<string>("PACKAGE") { Description = "A folder with model.json and model.onnx, a zip file of them, or its http(s) address." };
        var sha256 = new Option<string?>("--sha256") { Description = "What the zip file's SHA-256 must be.", HelpName = "HEX" };
        var command = new Command("add", "Verifies a model package and keeps it. It answers nothing before it is activated.") { source, sha256, By };
        return WithAction(command, async (parsed, place, cancellationToken) =>
        {
            using var handed = new PackageSource();
            var package = await handed.OpenAsync(parsed.GetRequiredValue(source), parsed.GetValue(sha256), cancellationToken);
            var addition = await place.Services.GetRequiredService<ModelRegistry>().AddAsync(package, parsed.GetRequiredValue(By), cancellationToken);
            var model = $"{package.Identity.Name} {package.Identity.Version}";
            Console.WriteLine(addition switch
            {
                ModelAddition.Registered => $"Registered {model}. It answers after 'assay models activate {model}'.",
                ModelAddition.Restored => $"{model} was registered already; what had been lost of it in {place} is put back.",
                _ => $"{model} was registered already: nothing changed.",
            });
            return AssayCommand.Done;
        });
    }

    private static Command CreateMove(string verb, string state, string description)
    {
        var (name, version) = (NameArgument(), new Argument<string>("VERSION") { Description = "Its version." });
        var command = new Command(verb, description) { name, version, By };
        return WithAction(command, async (parsed, place, cancellationToken) =>
        {
            var changes = await place.Services.GetRequiredService<ModelRegistry>().MoveAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), state, parsed.GetRequiredValue(By), cancellationToken);
            foreach (var change in changes)
                Console.WriteLine($"{change.Name} {change.Version} is {change.State}.");
            if (changes.Count == 0)
                Console.WriteLine($"{parsed.GetRequiredValue(name)} {parsed.GetRequiredValue(version)} was {state} already: nothing changed.");
            return AssayCommand.Done;
        });
    }

    /// <summary>A command on the registry: a refusal is one sentence, and exit code 1.</summary>
    public static Command WithAction(Command command, Func<ParseResult, Installation, CancellationToken, Task<int>> run) => WithAction(command, [new ClassifyStage()], run);

    /// <summary>The same, on the services of these stages.</summary>
    public static Command WithAction(Command command, IReadOnlyList<IStage> stages, Func<ParseResult, Installation, CancellationToken, Task<int>> run)
    {
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, stages, async place =>
        {
            try
            {
                return await run(parsed, place, cancellationToken);
            }
            catch (Exception refusal) when (refusal is ModelPackageException or ModelRegistryException or ModelAnswerException or LabelledPicturesException or ObjectMissingException)
            {
                Terminal.WriteError(refusal.Message);
                return AssayCommand.Unfinished;
            }
        }, cancellationToken));
        return command;
    }

    private static Argument<string> NameArgument() => new("NAME") { Description = "The model's name." };

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A version as JSON has it.</summary>
    private sealed record ModelLine(
        string Name, string Version, string State, DateTime ChangedAt, string ChangedBy, string Question, string Licence, IReadOnlyList<string> Labels, string Sha256, string PackageSha256, long Bytes, DateTime RegisteredAt)
    {
        public ModelLine(ModelFact model, ModelState state)
            : this(model.Name, model.Version, state.State, state.ChangedAt, state.ChangedBy, model.Question, model.Licence, model.Labels, model.Sha256, model.PackageSha256, model.Bytes, model.RegisteredAt)
        {
        }
    }
}
