using System.Text.RegularExpressions;

namespace Assay.Ingest;

/// <summary>
/// Finds the user in a key. A pattern such as <c>users/{userId}/</c> matches the beginning of keys; <c>{userId}</c> is one part between slashes,
/// <c>*</c> is any one part.
/// </summary>
public sealed class UserPattern
{
    private const string Placeholder = "{userId}";
    private readonly Regex regex;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It has no <c>{userId}</c>, or more than one.</exception>
    public UserPattern(string pattern)
    {
        if (pattern.Split(Placeholder).Length != 2)
            throw new FormatException($"'{pattern}' must contain {Placeholder} once.");
        var expression = Regex.Escape(pattern)
            .Replace(Regex.Escape(Placeholder), "(?<user>[^/]+)", StringComparison.Ordinal)
            .Replace("\\*", "[^/]+", StringComparison.Ordinal);
        // Non-backtracking: keys come from outside.
        regex = new Regex("^" + expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>The user that a key names, or null.</summary>
    public string? UserOf(string key) => regex.Match(key) is { Success: true } match ? match.Groups["user"].Value : null;
}
