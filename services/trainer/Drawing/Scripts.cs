using System.Net;
using System.Text.RegularExpressions;

namespace Assay.Trainer.Drawing;

/// <summary>Other letters in place of Latin ones. Text that means nothing needs no translation.</summary>
internal static partial class Scripts
{
    // 26 letters each, a to z. Fonts for all of them are in Debian's fonts-noto-core.
    private static readonly string[] Alphabets =
    [
        "абвгдежзийклмнопрстуфхцчшы", "αβγδεζηθικλμνξοπρστυφχψωάόέ", "אבגדהוזחטיכלמנסעפצקרשתםןףץ", "ابتثجحخدذرزسشصضطظعغفقكلمنه",
        "अकखगघचछजझटठडढतथदधनपफबभमयरल", "აბგდევზთიკლმნოპჟრსტუფქღყშჩ", "աբգդեզէըթժիլխծկհձղճմյնշոչպ", "กขคงจฉชซญดตถทธนบปผฝพฟภมยรล",
    ];

    /// <summary>The SVG document with all its text in another script.</summary>
    public static string Write(Svg svg, Chance chance)
    {
        var alphabet = chance.Pick(Alphabets);
        return Text().Replace(svg.ToString(), text => WebUtility.HtmlEncode(string.Concat(WebUtility.HtmlDecode(text.Value).Select(letter =>
            char.IsAsciiLetterLower(letter) ? alphabet[letter - 'a'] : char.IsAsciiLetterUpper(letter) ? char.ToUpperInvariant(alphabet[letter - 'A']) : letter))));
    }

    [GeneratedRegex("(?<=>)[^<>]+(?=</text>)")]
    private static partial Regex Text();
}
