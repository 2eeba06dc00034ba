namespace Assay.Classify;

/// <summary>A model's raw output → probabilities.</summary>
public static class Scores
{
    /// <summary>
    /// Applies temperature and softmax where the package asks for them, in place. Returns the energy of the logits, −T · ln Σ exp(logit ÷ T), which is low for what the model
    /// knows well (<see cref="ReviewSpecification"/>); null where there are no logits.
    /// </summary>
    public static double? Finish(Span<float> values, OutputSpecification output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.Softmax ? Softmax(values, output.Temperature) : null;
    }

    /// <summary>Makes logits probabilities, in place. Returns their energy, as above.</summary>
    public static double Softmax(Span<float> values, double temperature)
    {
        // The largest first, so that no exponential overflows; in double precision, so that a thousand small terms keep their weight.
        double largest = float.NegativeInfinity;
        foreach (var value in values)
            largest = Math.Max(largest, value);
        double sum = 0;
        foreach (var value in values)
            sum += Math.Exp((value - largest) / temperature);
        foreach (ref var value in values)
            value = (float)(Math.Exp((value - largest) / temperature) / sum);
        return -(largest + temperature * Math.Log(sum));
    }

    /// <summary>By how much the largest value exceeds the second; 0 where two are the largest.</summary>
    public static double Margin(ReadOnlySpan<float> values)
    {
        var (top, second) = (Top(values), double.NegativeInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            if (i != top)
                second = Math.Max(second, values[i]);
        }
        return values[top] - second;
    }

    /// <summary>The index of the largest value; the first of them where several are equal.</summary>
    public static int Top(ReadOnlySpan<float> values)
    {
        var top = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[top])
                top = i;
        }
        return top;
    }
}
