using Microsoft.AspNetCore.StaticFiles;

namespace Assay.Enrich;

/// <summary>What a file's name claims that its bytes are.</summary>
internal static class DeclaredType
{
    // Newer than the framework's table, or other than what decoders call them.
    private static readonly FileExtensionContentTypeProvider Types = new()
    {
        Mappings =
        {
            [".apng"] = "image/png", [".avif"] = "image/avif", [".avifs"] = "image/avif", [".bmp"] = "image/bmp", [".dib"] = "image/bmp",
            [".heic"] = "image/heic", [".heics"] = "image/heic", [".heif"] = "image/heic", [".heifs"] = "image/heic", [".hif"] = "image/heic",
            [".j2k"] = "image/jp2", [".jp2"] = "image/jp2", [".jpf"] = "image/jp2", [".jpx"] = "image/jp2", [".j2c"] = "image/jp2",
            [".jfif"] = "image/jpeg", [".jpg"] = "image/jpeg", [".jxl"] = "image/jxl", [".mpo"] = "image/jpeg", [".webp"] = "image/webp",
        },
    };

    /// <summary>Whether the name's extension is known and belongs to another type than <paramref name="mediaType"/>. A name without one claims nothing.</summary>
    public static bool Contradicts(string name, string mediaType) =>
        Types.TryGetContentType(name, out var declared) && !string.Equals(declared, OneName(mediaType), StringComparison.OrdinalIgnoreCase);

    // HEIC is HEIF with an HEVC image in it: phones write either extension for the same bytes.
    private static string OneName(string mediaType) => mediaType switch
    {
        "image/heif" => "image/heic",
        "image/j2c" or "image/jpx" => "image/jp2",
        _ => mediaType,
    };
}
