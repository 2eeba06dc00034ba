using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Assay.Platform.Hosting;
using Shouldly;
using Xunit;

namespace Assay.Tests.Deploy;

/// <summary>docs/settings.md: every setting, from the options classes and their documentation. With <c>ASSAY_WRITE_DOCS=true</c> the test writes the table instead.</summary>
public sealed partial class SettingsTableTests
{
    private const string Write = "ASSAY_WRITE_DOCS";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "settings.md");

    [Fact]
    public async Task The_table_of_settings_is_what_the_options_say()
    {
        var table = Table();
        if (Environment.GetEnvironmentVariable(Write) == "true")
            await File.WriteAllTextAsync(Page, table, TestContext.Current.CancellationToken);
        (await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken)).ShouldBe(table, $"An option has changed: run this test with {Write}=true, and commit docs/settings.md.");
    }

    private static string Table()
    {
        var assemblies = Directory.EnumerateFiles(AppContext.BaseDirectory, "Assay.*.dll").Where(file => !file.EndsWith("Assay.Tests.dll", StringComparison.Ordinal)).Select(Assembly.LoadFrom).ToList();
        var text = new StringBuilder(
            """
            # Every setting

            Made from the options classes (`tests/deploy/SettingsTableTests.cs`); [operations.md](operations.md#settings) says how settings are given, and how secrets are.

            """);
        foreach (var section in Settings.Sections)
        {
            var options = assemblies.SelectMany(assembly => assembly.GetTypes()).Single(type => type.Name.Equals($"{section}Options", StringComparison.OrdinalIgnoreCase));
            text.Append(CultureInfo.InvariantCulture, $"\n## {Settings.Prefix}{section}\n\n| setting | default | unit | allowed | meaning |\n| --- | --- | --- | --- | --- |\n");
            AppendRows(text, $"{Settings.Prefix}{section}__", options);
        }
        return text.ToString();
    }

    private static void AppendRows(StringBuilder text, string prefix, Type options)
    {
        var defaults = Activator.CreateInstance(options)!;
        var documentation = XDocument.Load(Path.ChangeExtension(options.Assembly.Location, ".xml")).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);
        foreach (var property in options.GetProperties().Where(property => property.SetMethod is not null))
        {
            var (name, item) = (prefix + property.Name.ToUpperInvariant(), property.PropertyType.GenericTypeArguments is [var only] && property.PropertyType != typeof(string) ? only : null);
            var isList = item is not null && property.PropertyType.IsAssignableTo(typeof(IEnumerable));
            var words = documentation[$"P:{options.FullName}.{property.Name}"];
            var isListOfObjects = isList && item!.Assembly == options.Assembly;
            text.Append(CultureInfo.InvariantCulture, $"| `{name}{(isListOfObjects ? "__0__…" : isList ? "__0" : "")}` | {Value(property.GetValue(defaults))} | {Unit(property, words)} | {Allowed(property)} | {Plain(words.Element("summary")!)} |\n");
            if (isListOfObjects)
                AppendRows(text, $"{name}__0__", item!);
        }
    }

    private static string Value(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => "none",
        bool flag => flag ? "`true`" : "`false`",
        Uri address => $"`{address.OriginalString}`",
        TimeSpan time => $"`{time:c}`",
        _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
    };

    // A number without a unit says nothing.
    private static string Unit(PropertyInfo property, XElement words)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var isNumber = !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
        var unit = type == typeof(TimeSpan) ? "`d.hh:mm:ss`" : words.Element("value")?.Value;
        (unit is not null).ShouldBe(isNumber || type == typeof(TimeSpan), $"{property.DeclaringType!.Name}.{property.Name}: <value> says the unit of a number, and only of one.");
        return unit ?? "";
    }

    private static string Allowed(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            return string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} to {range.Maximum}");
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
            return $"`{pattern.Pattern}`";
        if (type.IsEnum)
            return string.Join(", ", Enum.GetNames(type).Select(name => $"`{name}`"));
        return type == typeof(bool) ? "`true`, `false`" : "";
    }

    // References to other types and members become their last name.
    private static string Plain(XElement summary)
    {
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see => $"`{(see.Attribute("cref") ?? see.Attribute("langword"))!.Value.Split('(')[0].Split('.', ':')[^1]}`",
            XElement other => other.Value,
            _ => node.ToString(),
        }));
        return WhiteSpace().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
