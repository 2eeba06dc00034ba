using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Assay.Tests.Ingest;

/// <summary>Remembers errors that are logged.</summary>
internal sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> messages = [];

    /// <summary>What was logged as an error.</summary>
    public IReadOnlyCollection<string> Messages => messages;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            messages.Enqueue(formatter(state, exception));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
