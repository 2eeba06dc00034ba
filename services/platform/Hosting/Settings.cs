using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Assay.Platform.Hosting;

/// <summary>Settings are read once, before anything starts, and are wrong or right then and there.</summary>
public static class Settings
{
    private const string Suffix = "Options";

    /// <summary>What every environment variable of Assay begins with.</summary>
    public const string Prefix = "ASSAY_";

    /// <summary>
    /// Reads <typeparamref name="T"/> from the section that its name says (<c>BusOptions</c>: <c>Bus</c>), checks it, and registers it as a singleton.
    /// </summary>
    /// <exception cref="SettingsException">A value is out of its range or cannot be read, or a name is unknown.</exception>
    public static T AddSettings<T>(this IHostApplicationBuilder builder) where T : class, new()
    {
        var section = typeof(T).Name[..^Suffix.Length];
        T settings;
        try
        {
            settings = builder.Configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException($"The settings under {Prefix}{section.ToUpperInvariant()}__ cannot be read: {exception.Message}", exception);
        }
        Check(settings, section);
        builder.Services.AddSingleton(settings);
        return settings;
    }

    private static void Check(object settings, string path)
    {
        var results = new List<ValidationResult>();
        if (!Validator.TryValidateObject(settings, new ValidationContext(settings), results, validateAllProperties: true))
        {
            var name = results[0].MemberNames.FirstOrDefault();
            throw new SettingsException($"{Variable(path, name)} is wrong: {results[0].ErrorMessage}");
        }
        foreach (var property in settings.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0))
            CheckItems(property, settings, path);
    }

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
