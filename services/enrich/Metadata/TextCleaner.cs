using System.Globalization;
using System.Text;

namespace Assay.Enrich;

/// <summary>Makes text out of whatever bytes a file holds: valid Unicode, one line, no control characters, not longer than the limit.</summary>
/// <param name="maxLength">The longest result, in UTF-16 units.</param>
internal sealed class TextCleaner(int maxLength)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Text from bytes that are UTF-8 if they can be, else Latin-1 (EXIF says ASCII; cameras and programs write both).</summary>
    public string? Clean(ReadOnlySpan<byte> bytes)
    {
        // No character takes more than four bytes: the rest cannot reach the result, except behind very much white space.
        var head = bytes[..Math.Min(bytes.Length, maxLength * 8)];
        try
        {
            return Clean(StrictUtf8.GetString(WholeCharacters(head)));
        }
        catch (DecoderFallbackException)
        {
            return Clean(Encoding.Latin1.GetString(head));
        }
    }

    /// <summary>The text without what must not be in it; <see langword="null"/> when nothing is left.</summary>
    public string? Clean(string? text)
    {
        if (text is null)
            return null;
        var result = new StringBuilder(Math.Min(text.Length, maxLength));
        var gap = false;
        // Runes: half of a surrogate pair comes out as U+FFFD.
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || rune.Value == 0)
            {
                gap = result.Length > 0;
                continue;
            }
            if (IsHarmful(rune))
                continue;
            if (result.Length + rune.Utf16SequenceLength + (gap ? 1 : 0) > maxLength)
                break;
            if (gap)
                result.Append(' ');
            gap = false;
            result.Append(rune.ToString());
        }
        return result.Length > 0 ? result.ToString() : null;
    }

    // Format characters turn the direction of the text around them and hide in it; the two joiners are part of Persian, Indic and emoji spelling.
    private static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };

    // The cut may have hit the middle of a character; those bytes would make the whole text look like Latin-1.
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> utf8)
    {
        for (var back = 1; back <= Math.Min(3, utf8.Length); back++)
        {
            var lead = utf8[^back];
            if (lead >= 0xC0)
                return (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) > back ? utf8[..^back] : utf8;
            if (lead < 0x80)
                return utf8;
        }
        return utf8;
    }
}
