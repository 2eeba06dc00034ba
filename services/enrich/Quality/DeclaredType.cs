using Microsoft.AspNetCore.StaticFiles;

namespace Assay.Enrich;

/// <summary>What a file's name and its uploader claim that its bytes are.</summary>
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

    /// <summary>Whether the name's extension or the declared type belongs to another type than <paramref name="mediaType"/>. A name without extension claims nothing.</summary>
    public static bool Contradicts(string name, string? declaredType, string mediaType) =>
        IsOther(Types.TryGetContentType(name, out var byName) ? byName : null, mediaType) || IsOther(declaredType, mediaType);

    private static bool IsOther(string? claimed, string mediaType) =>
        claimed is not null && !string.Equals(OneName(claimed), OneName(mediaType), StringComparison.OrdinalIgnoreCase);

    // HEIC is HEIF with an HEVC image in it: phones write either extension for the same bytes. Browsers and operating systems have old names of their own.
    private static string OneName(string mediaType) => mediaType switch
    {
        "image/heif" => "image/heic",
        "image/j2c" or "image/jpx" or "image/j2k" => "image/jp2",
        "image/jpg" or "image/pjpeg" => "image/jpeg",
        "image/x-png" or "image/apng" => "image/png",
        "image/x-ms-bmp" or "image/x-bmp" => "image/bmp",
        _ => mediaType,
    };
}
