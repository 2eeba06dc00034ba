using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Assay.Platform.Hosting;

/// <summary>Settings are read once, before anything starts, and are wrong or right then and there.</summary>
public static partial class Settings
{
    private const string Suffix = "Options";

    private static readonly Dictionary<string, string> Readable = new()
    {
        ["System.UInt16"] = "a whole number from 0 to 65,535",
        ["System.Int32"] = "a whole number below 2,147,483,648",
        ["System.Int64"] = "a whole number",
        ["System.Double"] = "a number, for instance 0.5",
        ["System.Boolean"] = "true or false",
        ["System.TimeSpan"] = "a time in hours:minutes:seconds, for instance 00:00:08",
        ["System.Uri"] = "an address, for instance http://127.0.0.1:9000",
    };

    /// <summary>The sections of all services: one file of variables may configure them all, and each reads its own.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["BUS", "CATALOG", "OBJECTS", "INGEST", "PREPROCESS", "ENRICH", "CLASSIFY", "STEWARD"];

    /// <summary>What every environment variable of Assay begins with.</summary>
    public const string Prefix = "ASSAY_";

    /// <summary>Refuses variables of sections that no service has. Only names with <c>__</c> are settings.</summary>
    /// <exception cref="SettingsException">There is one.</exception>
    public static void RequireSections(IEnumerable<string> variables)
    {
        foreach (var name in variables.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
        {
            var end = name.IndexOf("__", StringComparison.Ordinal);
            if (end >= 0 && (end < Prefix.Length || !Sections.Contains(name[Prefix.Length..end], StringComparer.OrdinalIgnoreCase)))
                throw new SettingsException($"{name} is not a setting: what comes before the two underscores must be {string.Join(", ", Sections.Select(section => Prefix + section))}.");
        }
    }

    /// <summary>
    /// Reads <typeparamref name="T"/> from the section that its name says (<c>BusOptions</c>: <c>Bus</c>), checks it, and registers it as a singleton.
    /// </summary>
    /// <exception cref="SettingsException">A value is out of its range or cannot be read, or a name is unknown.</exception>
    public static T AddSettings<T>(this IHostApplicationBuilder builder) where T : class, new()
    {
        var section = typeof(T).Name[..^Suffix.Length];
        RequireKnown(builder.Configuration.GetSection(section), typeof(T));
        T settings;
        try
        {
            settings = builder.Configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(Unreadable(exception, section, typeof(T)), exception);
        }
        Check(settings, section);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    // The binder refuses unknown names too, but says neither which variable it was nor what would be right.
    private static void RequireKnown(IConfigurationSection section, Type type)
    {
        var properties = type.GetProperties().Where(property => property.SetMethod is not null).ToArray();
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(known => known.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
            {
                var names = string.Join(", ", properties.Select(known => known.Name.ToUpperInvariant()));
                throw new SettingsException($"{Variable(child.Path, null)} is not a setting: {Variable(section.Path, "")} has {names}.");
            }
            if (property.PropertyType.GenericTypeArguments is [_])
                RequireNumbers(child);
            if (property.PropertyType.GenericTypeArguments is [var item] && item.Assembly != typeof(string).Assembly)
                foreach (var listed in child.GetChildren())
                    RequireKnown(listed, item);
        }
    }

    // The binder closes gaps, so that what was meant as the second item would be the only one.
    private static void RequireNumbers(IConfigurationSection list)
    {
        var names = list.GetChildren().Select(item => item.Key).ToHashSet();
        for (var number = 0; number < names.Count; number++)
        {
            if (!names.Contains(number.ToString(CultureInfo.InvariantCulture)))
                throw new SettingsException(
                    $"{Variable(list.Path, names.Order(StringComparer.Ordinal).Last())} is wrong: items are numbered from 0 without gaps, and there is no {Variable(list.Path, null)}__{number}.");
        }
    }

    private static string Unreadable(Exception exception, string section, Type options)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (BinderMessage().Match(cause.Message) is { Success: true } match)
            {
                var (path, value, type) = (match.Groups["path"].Value, match.Groups["value"].Value, match.Groups["type"].Value);
                return $"{Variable(path, null)} is wrong: '{value}' cannot be read as {Readable.GetValueOrDefault(type) ?? OneOf(type, options)}.";
            }
        }
        return $"The settings under {Variable(section, "")} cannot be read: {exception.Message}";
    }

    private static string OneOf(string type, Type options) =>
        options.GetProperties().Select(property => property.PropertyType).FirstOrDefault(known => known.IsEnum && known.FullName == type) is { } choice
            ? string.Join(" or ", Enum.GetNames(choice))
            : type.Split('.')[^1];

    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<path>.*)' to type '(?<type>.*)'\.$", RegexOptions.Singleline)]
    private static partial Regex BinderMessage();

    private static void Check(object settings, string path)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true))
        {
            var name = results[0].MemberNames.FirstOrDefault();
            throw new SettingsException($"{Variable(path, name)} is wrong: {results[0].ErrorMessage}{Days(settings, name)}");
        }
        foreach (var property in settings.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            CheckItems(property, settings, path);
    }

    // A number without colons is one of days, which nobody expects.
    private static string Days(object settings, string? name) =>
        name is not null && settings.GetType().GetProperty(name)?.GetValue(settings) is TimeSpan { Days: > 0 } time && time == TimeSpan.FromDays(time.Days)
            ? $" It was read as {time.Days:N0} days: write hours:minutes:seconds, for instance 00:05:00."
            : "";

    private static void CheckItems(PropertyInfo property, object settings, string path)
    {
        if (property.PropertyType == typeof(string) || property.GetValue(settings) is not IEnumerable items)
            return;
        var index = 0;
        foreach (var item in items)
        {
            if (item is not null && item.GetType().Assembly != typeof(string).Assembly)
                Check(item, $"{path}:{property.Name}:{index}");
            index++;
        }
    }

    private static string Variable(string path, string? name) =>
        Prefix + (name is null ? path : $"{path}:{name}").Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
}
