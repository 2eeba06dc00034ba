using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Assay.Embedded.Models;

/// <summary>Prints what a catalog may have millions of: a table that ends where it is no longer read, or one JSON object for each.</summary>
internal static class Listing
{
    // Beyond that a table is no longer read, but searched.
    private const int MostRows = 200;

    // Names in any script as they are: what is printed goes to a terminal or a file.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints each as one line of JSON.</summary>
    public static async Task PrintJsonAsync<T>(IAsyncEnumerable<T> rows, Func<T, object> line, CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
            Console.WriteLine(JsonSerializer.Serialize(line(row), Json));
    }

    /// <summary>Fills the table with the first rows, prints it, and says how many there are besides.</summary>
    /// <param name="table">The table with its columns.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cells">A row's cells, in the order of the columns.</param>
    /// <param name="none">What is printed instead where there is no row; the empty table if null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task PrintTableAsync<T>(Table table, IAsyncEnumerable<T> rows, Func<T, string[]> cells, string? none, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (++count <= MostRows)
                table.AddRow(cells(row));
        }
        if (count == 0 && none is not null)
        {
            Console.WriteLine(none);
            return;
        }
        Terminal.Open(Console.Out).Write(table);
        if (count > MostRows)
            Console.WriteLine($"{count - MostRows} more: --json prints all.");
    }
}
