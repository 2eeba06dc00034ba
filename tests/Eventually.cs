using System.Diagnostics;

namespace Assay.Tests;

/// <summary>Waits for what another process, thread or server is about to do: asks again and again, and gives up at a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did. The message says what was waited for, and whatever <paramref name="details"/> adds.</exception>
    public static Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null, Func<string>? details = null) =>
        GetAsync(what, async () => await condition() ? what : null, patience, details);

    /// <inheritdoc cref="HoldsAsync(string, Func{Task{bool}}, TimeSpan?, Func{string}?)"/>
    public static Task HoldsAsync(string what, Func<bool> condition, TimeSpan? patience = null, Func<string>? details = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), patience, details);

    /// <summary>Returns the first result that is not null.</summary>
    /// <exception cref="TimeoutException">There never was one.</exception>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> find, TimeSpan? patience = null, Func<string>? details = null) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        while (true)
        {
            if (await find() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > (patience ?? Patience))
                throw new TimeoutException($"Not within {patience ?? Patience}: {what}.\n{details?.Invoke()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
