using System.Text.Json.Serialization;

namespace Assay.Embedded.Run;

/// <summary>What a run had to do with an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageShare>))]
internal enum ImageShare
{
    /// <summary>It took it in.</summary>
    [JsonStringEnumMemberName("new")]
    New,

    /// <summary>An earlier run had taken it in, and had done everything that this one would do.</summary>
    [JsonStringEnumMemberName("known")]
    Known,

    /// <summary>An earlier run had done it with another recipe, enricher, limit or model: there is a new result beside the old one.</summary>
    [JsonStringEnumMemberName("again")]
    Again,

    /// <summary>An earlier run had left it under way.</summary>
    [JsonStringEnumMemberName("resumed")]
    Resumed,
}
