using System.Diagnostics.Metrics;
using Assay.Platform.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace Assay.Tests.Platform.Catalog;

/// <summary>Reads gauges as an exporter does: those of one factory, so that tests do not see each other's.</summary>
internal sealed class Gauges : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, double> values = [];

    public Gauges()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == Factory && instrument.Meter.Name == LedgerMetrics.MeterName)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>Makes the meters that are read.</summary>
    public IMeterFactory Factory => services.GetRequiredService<IMeterFactory>();

    /// <summary>What they say now; of a value with tags the name is <c>instrument/tag/tag</c>.</summary>
    public Dictionary<string, double> Read()
    {
        values.Clear();
        listener.RecordObservableInstruments();
        return new(values);
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        values[string.Join('/', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])] = value;
}
