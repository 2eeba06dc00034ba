using System.Data.Common;
using System.Numerics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Assay.Platform.Catalog.Sqlite;

/// <summary>Gives every connection the SQL function that SQLite lacks: in how many bits two numbers differ.</summary>
internal sealed class DistanceFunction : DbConnectionInterceptor
{
    public const string Name = "bits_apart";

    public override DbConnection ConnectionCreated(ConnectionCreatedEventData eventData, DbConnection result)
    {
        ((SqliteConnection)result).CreateFunction(Name, (long one, long other) => BitOperations.PopCount((ulong)(one ^ other)), isDeterministic: true);
        return result;
    }
}
