namespace Assay.Platform.Hosting;

/// <summary>How often a <see cref="BusWatchdog"/> looks, and for how long it waits. Not a setting: only tests are in more of a hurry.</summary>
public sealed record BusWatchdogPace
{
    /// <summary>Between two questions to the bus how it is. Default 5 seconds.</summary>
    public TimeSpan Health { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two questions to the broker whether every queue has a consumer, as long as all is well. Default 30 seconds.</summary>
    public TimeSpan Consumers { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For an answer of the broker. Default 5 seconds.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the bus may fail to work while the broker is there. Default 60 seconds: twice the longest pause between MassTransit's attempts.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}
