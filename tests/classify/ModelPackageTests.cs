using System.Security.Cryptography;
using System.Text;
using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class ModelPackageTests
{
    [Fact]
    public void A_right_package_says_which_model_it_is()
    {
        using var folder = PackageFolder.With();
        var package = ModelPackage.Load(folder.Path);

        package.Identity.Name.ShouldBe("tiny");
        package.Identity.Version.ShouldBe("1.0.0");
        package.Identity.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(package.ModelPath))));
        package.LabelMapHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("first\nsecond\nthird"u8)));
    }

    [Fact]
    public void The_preprocessing_hash_is_that_of_the_canonical_input_section()
    {
        const string canonical = """
            {"name":"x","width":8,"height":8,"layout":"NCHW","type":"float32","channels":"RGB","scale":0.00392156862745098,"mean":[0,0,0],"std":[1,1,1],"resize":"stretch"}
            """;
        using var folder = PackageFolder.With();
        ModelPackage.Load(folder.Path).PreprocessingHash.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
    }

    [Fact]
    public void White_space_and_the_order_of_fields_do_not_change_the_preprocessing_hash()
    {
        using var folder = PackageFolder.With();
        var before = ModelPackage.Load(folder.Path).PreprocessingHash;
        var json = File.ReadAllText(folder.File("model.json"));
        File.WriteAllText(folder.File("model.json"), json.Replace("\"width\": 8,", "", StringComparison.Ordinal).Replace("\"height\": 8,", "\"height\":8, \"width\":8,", StringComparison.Ordinal));
        ModelPackage.Load(folder.Path).PreprocessingHash.ShouldBe(before);
    }

    [Fact]
    public void Another_mean_makes_another_preprocessing_hash()
    {
        using var one = PackageFolder.With();
        using var other = PackageFolder.With(change: manifest => manifest with { Input = manifest.Input with { Mean = [0, 0, 0.1] } });
        ModelPackage.Load(one.Path).PreprocessingHash.ShouldNotBe(ModelPackage.Load(other.Path).PreprocessingHash);
    }

    [Fact]
    public void The_order_of_labels_is_part_of_the_label_map_hash()
    {
        using var one = PackageFolder.With();
        using var other = PackageFolder.With(change: manifest => manifest with { Labels = ["second", "first", "third"] });
        ModelPackage.Load(one.Path).LabelMapHash.ShouldNotBe(ModelPackage.Load(other.Path).LabelMapHash);
    }

    [Fact]
    public void The_model_json_of_the_documentation_is_read_as_it_is()
    {
        var model = TinyModel.ChannelMeans(shape: [1, 3, 160, 160]);
        using var folder = PackageFolder.With(model);
        File.WriteAllText(folder.File("model.json"), $$"""
            {
              "name": "image-kinds", "version": "1.0.0", "question": "What kind of picture is it?", "licence": "Apache-2.0",
              "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(model))}}",
              "input": { "name": "x", "width": 160, "height": 160, "layout": "NCHW", "type": "float32", "channels": "RGB",
                         "scale": 0.00392156862745098, "mean": [0.5,0.5,0.5], "std": [0.25,0.25,0.25], "resize": "stretch" },
              "output": { "name": "y", "softmax": true, "temperature": 1.0 },
              "labels": ["photo", "screenshot", "document"],
              "thresholds": { "default": 0.5, "photo": 0.6 }
            }
            """);
        var manifest = ModelPackage.Load(folder.Path).Manifest;
        manifest.Input.Std.ShouldBe([0.25, 0.25, 0.25]);
        manifest.ThresholdOf("photo").ShouldBe(0.6);
        manifest.ThresholdOf("document").ShouldBe(0.5);
    }
}
