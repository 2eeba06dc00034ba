using Assay.Classify;
using Assay.Contracts;
using Assay.Platform.Messaging;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

public sealed class ImageClassifierTests
{
    private static Prediction Classify(byte[] file, byte[]? model = null, Func<ModelManifest, ModelManifest>? change = null)
    {
        using var folder = PackageFolder.With(model, change);
        using var classifier = new ImageClassifier(ModelPackage.Load(folder.Path));
        return classifier.Classify(file);
    }

    [Theory]
    [InlineData(TinyModel.Float32, false, false)]
    [InlineData(TinyModel.Float32, false, true)]
    [InlineData(TinyModel.Float32, true, false)]
    [InlineData(TinyModel.Float16, false, false)]
    [InlineData(TinyModel.Float16, true, true)]
    public void The_strongest_channel_wins_in_every_layout_type_and_output_shape(int type, bool nhwc, bool openDimensions)
    {
        var model = nhwc
            ? TinyModel.ChannelMeans(type, openDimensions ? [-1, -1, -1, 3] : [1, 8, 8, 3], [1, 2])
            : TinyModel.ChannelMeans(type, openDimensions ? [-1, 3, -1, -1] : [1, 3, 8, 8], keepDimensions: true);
        var prediction = Classify(Picture.Plain(40, 30, Picture.Green).Jpeg(), model, manifest => manifest with
        {
            Input = manifest.Input with
            {
                Type = type == TinyModel.Float16 ? TensorElement.Float16 : TensorElement.Float32,
                Layout = nhwc ? TensorLayout.Nhwc : TensorLayout.Nchw,
            },
        });
        prediction.Label.ShouldBe("second");
        // Softmax of (0, 1, 0).
        prediction.Confidence.ShouldBe(Math.E / (Math.E + 2), 0.005);
        prediction.Scores.Sum().ShouldBe(1, 1e-6);
    }

    [Fact]
    public void In_bgr_the_first_output_is_blue() =>
        Classify(Picture.Plain(8, 8, Picture.Blue).Jpeg(), change: manifest => manifest with { Input = manifest.Input with { Channels = ChannelOrder.Bgr } })
            .Label.ShouldBe("first");

    [Fact]
    public void A_label_has_its_own_threshold_or_the_default()
    {
        // Both with a confidence of about 0.576; the default is 0.5, that of "second" 0.9.
        Classify(Picture.Plain(8, 8, Picture.Red).Jpeg()).Accepted.ShouldBeTrue();
        Classify(Picture.Plain(8, 8, Picture.Green).Jpeg()).Accepted.ShouldBeFalse();
    }

    [Fact]
    public void A_low_temperature_makes_it_surer() =>
        Classify(Picture.Plain(8, 8, Picture.Red).Jpeg(), change: manifest => manifest with { Output = manifest.Output with { Temperature = 0.1 } })
            .Confidence.ShouldBe(1, 0.001);

    [Fact]
    public void Without_softmax_the_output_is_the_answer()
    {
        var prediction = Classify(Picture.Plain(8, 8, 51, 102, 204).Jpeg(), change: manifest => manifest with { Output = manifest.Output with { Softmax = false } });
        prediction.Label.ShouldBe("third");
        prediction.Scores.Zip([0.2f, 0.4f, 0.8f]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 0.02);
    }

    [Fact]
    public void Equal_scores_give_the_first_label() => Classify(Picture.Plain(8, 8, 128, 128, 128).Jpeg()).Label.ShouldBe("first");

    [Fact]
    public void An_image_that_does_not_decode_is_at_fault_and_the_classifier_goes_on()
    {
        using var folder = PackageFolder.With();
        using var classifier = new ImageClassifier(ModelPackage.Load(folder.Path));
        Should.Throw<InvalidImageException>(() => classifier.Classify("no image"u8.ToArray())).Reason.ShouldBe(RejectionReason.Corrupt);
        classifier.Classify(Picture.Plain(8, 8, Picture.Red).Jpeg()).Label.ShouldBe("first");
    }

    [Fact]
    public void A_model_that_answers_nan_for_an_image_is_at_fault_not_the_image()
    {
        // The means divided by themselves: 1 for the image that the package was verified with, 0 / 0 for a black one.
        var model = TinyModel.Model(
            [TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node("Div", ["m", "m"], "y")], TinyModel.Float32, [1, 3, 8, 8], [1, 3]);
        Should.Throw<InvalidOperationException>(() => Classify(Picture.Plain(8, 8, 0, 0, 0).Jpeg(), model)).Message.ShouldContain("tiny 1.0.0");
    }

    [Fact]
    public void A_model_at_which_the_runtime_stops_is_at_fault_not_the_image()
    {
        // Each channel's mean says which of the three is taken: 2 for the image that the package was verified with, and 5, which there is not, for a white one.
        var model = TinyModel.Model(
            [
                TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node("Cast", ["m"], "i", TinyModel.Whole("to", TinyModel.Int64)), TinyModel.Node("GatherElements", ["m", "i"], "y", TinyModel.Whole("axis", 1)),
            ], TinyModel.Float32, [1, 3, 8, 8], [1, 3]);
        Should.Throw<ModelAnswerException>(() => Classify(Picture.Plain(8, 8, 255, 255, 255).Jpeg(), model, manifest => manifest with { Input = manifest.Input with { Scale = 1 / 51.0 } }))
            .Message.ShouldStartWith("Model tiny 1.0.0: ONNX Runtime stops at this image: ");
    }

    [Fact]
    public void Many_threads_get_exactly_the_scores_that_one_gets()
    {
        using var folder = PackageFolder.With();
        using var classifier = new ImageClassifier(ModelPackage.Load(folder.Path));
        byte[][] files = [.. Enumerable.Range(1, 50).Select(i => Picture.Detailed(20 + 3 * i, 200 - 3 * i).Jpeg())];
        float[][] alone = [.. files.Select(file => classifier.Classify(file).Scores)];
        alone.Select(scores => scores[0]).Distinct().Count().ShouldBeGreaterThan(10);

        var together = new float[2 * files.Length][];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < files.Length; i++)
                together[thread * files.Length + i] = classifier.Classify(files[i]).Scores;
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        for (var i = 0; i < together.Length; i++)
            together[i].ShouldBe(alone[i % files.Length]);
    }

    [Fact]
    public void A_disposed_classifier_says_so()
    {
        using var folder = PackageFolder.With();
        var classifier = new ImageClassifier(ModelPackage.Load(folder.Path));
        classifier.Dispose();
        Should.Throw<ObjectDisposedException>(() => classifier.Classify(Picture.Plain(8, 8, Picture.Red).Jpeg()));
    }
}
