using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

/// <summary>A model could name any file as its weights and answer with what is in it. ONNX Runtime looks in the working directory when a model is loaded from bytes.</summary>
public sealed class ExternalDataTests : IDisposable
{
    private readonly string weights = Path.Combine(Environment.CurrentDirectory, $"weights-{Guid.NewGuid():N}.bin");

    public ExternalDataTests() => File.WriteAllBytes(weights, new byte[12]);

    [Theory]
    [InlineData("initializer", "beside")]
    [InlineData("initializer", "absolute")]
    [InlineData("initializer", "through the parent")]
    [InlineData("initializer", "beside the model")]
    [InlineData("initializer", "above the model")]
    [InlineData("branch", "beside")]
    [InlineData("branch", "absolute")]
    [InlineData("branch", "through the parent")]
    [InlineData("branch", "beside the model")]
    [InlineData("branch", "above the model")]
    public void Weights_in_another_file_are_refused_wherever_it_is(string place, string where)
    {
        var directory = Path.GetDirectoryName(weights)!;
        var location = where switch
        {
            "beside" => Path.GetFileName(weights),
            "absolute" => weights,
            "through the parent" => Path.Combine("..", Path.GetFileName(directory), Path.GetFileName(weights)),
            "beside the model" => "weights.bin",
            _ => "../weights.bin",
        };
        var tensor = TinyModel.ExternalTensor("w", location);
        byte[][] sum = place == "branch" ? TinyModel.AddInBranch("m", "y", tensor, "w") : [tensor, TinyModel.Node("Add", ["m", "w"], "y")];
        using var folder = PackageFolder.With(TinyModel.Model([TinyModel.Mean("x", "m", [2, 3], false), .. sum], TinyModel.Float32, [1, 3, 8, 8], [1, 3]));
        File.WriteAllBytes(folder.File("weights.bin"), new byte[12]);

        Should.Throw<ModelPackageException>(() => ModelPackage.Load(folder.Path)).Fault
            .ShouldBe("model.onnx keeps weights in another file (external data), which is refused; save the model as one file");
    }

    public void Dispose() => File.Delete(weights);
}
