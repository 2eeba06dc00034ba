using Assay.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Classify;

/// <summary>Confidence that means something: what is fitted to a model's answers.</summary>
public sealed class CalibrationTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void How_much_too_sure_a_model_is_comes_back_as_its_temperature(double factor)
    {
        // Labels drawn with exactly the probabilities that the logits stand for, and the logits then exaggerated.
        var (logits, targets) = Answers(4000);
        float[][] exaggerated = [.. logits.Select(values => values.Select(value => (float)(value * factor)).ToArray())];

        Calibration.Temperature(exaggerated, targets).ShouldBe(factor, 0.12 * factor);
    }

    [Fact]
    public void With_its_temperature_a_confidence_of_so_many_per_cent_is_right_so_often()
    {
        var (logits, targets) = Answers(4000);
        float[][] exaggerated = [.. logits.Select(values => values.Select(value => value * 3).ToArray())];
        Evaluation At(double temperature) => new(Labels, targets, [.. exaggerated.Select(values => Calibration.Softmax(values, temperature))]);

        At(1).CalibrationError(10).ShouldBeGreaterThan(0.1);
        At(Calibration.Temperature(exaggerated, targets)).CalibrationError(10).ShouldBeLessThan(0.03);
    }

    [Fact]
    public void A_label_that_is_wrong_more_often_than_the_others_has_a_threshold_of_its_own()
    {
        // What is called b is right only from a confidence of 0.8 on; the others always are.
        List<float[]> scores = [];
        List<int> targets = [];
        for (var i = 0; i < 60; i++)
        {
            scores.Add([0.6f, 0.2f, 0.2f]);
            targets.Add(0);
            scores.Add([0.1f, 0.2f, 0.7f]);
            targets.Add(2);
        }
        for (var i = 0; i < 30; i++)
        {
            scores.Add([0.3f, 0.5f, 0.2f]);
            targets.Add(i % 2 == 0 ? 0 : 1);
            scores.Add([0.1f, 0.82f, 0.08f]);
            targets.Add(1);
        }
        var thresholds = Calibration.Thresholds(new Evaluation(Labels, [.. targets], [.. scores]));

        thresholds["default"].ShouldBe(0.4);
        thresholds["b"].ShouldBeInRange(0.5001, 0.82);
        thresholds.Keys.ShouldBe(["b", "default"]);
    }

    [Fact]
    public void One_in_twenty_of_the_known_pictures_counts_as_unfamiliar()
    {
        var (logits, _) = Answers(1000);
        const double temperature = 1.5;

        var limit = Calibration.Review(logits, temperature).Energy!.Value;

        // −T · ln Σ exp(logit ÷ T), written out.
        logits.Count(values => -temperature * Math.Log(values.Sum(value => Math.Exp(value / temperature))) > limit + 0.0005).ShouldBeInRange(45, 50);
    }

    private static (float[][] Logits, int[] Targets) Answers(int count)
    {
        var random = new Random(7);
        float[][] logits = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextSingle() * 4, random.NextSingle() * 4, random.NextSingle() * 4 })];
        int[] targets = [.. logits.Select(values =>
        {
            var at = random.NextDouble();
            var probabilities = Calibration.Softmax(values, 1);
            return at < probabilities[0] ? 0 : at < probabilities[0] + probabilities[1] ? 1 : 2;
        })];
        return (logits, targets);
    }
}
