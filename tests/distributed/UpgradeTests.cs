using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>A new version beside the one before it.</summary>
public sealed class UpgradeTests
{
    public static TheoryData<Type> Migrations => [.. typeof(CatalogContext).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Migration)))];

    [Theory]
    [MemberData(nameof(Migrations))]
    public void A_migration_takes_nothing_away_that_the_version_before_uses(Type migration)
    {
        var made = (Migration)Activator.CreateInstance(migration)!;
        made.ActiveProvider = migration.Namespace!.Contains("Sqlite", StringComparison.Ordinal) ? "Microsoft.EntityFrameworkCore.Sqlite" : "Npgsql.EntityFrameworkCore.PostgreSQL";
        var operations = made.UpOperations.Select(operation => operation.GetType().Name).Distinct().ToList();
        operations.ShouldNotBeEmpty();
        operations.Where(name => name.StartsWith("Drop", StringComparison.Ordinal) || name.StartsWith("Rename", StringComparison.Ordinal)).ShouldBeEmpty();
        operations.ShouldNotContain(name => name == nameof(AlterColumnOperation) || name == nameof(UpdateDataOperation) || name == nameof(DeleteDataOperation));
    }

    [Fact]
    public async Task On_the_schema_of_the_next_version_services_and_commands_of_this_one_go_on()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        await deployment.SetupAsync();
        // As its migration will: it adds.
        await deployment.QueryAsync("""
            ALTER TABLE images ADD COLUMN colour text;
            CREATE TABLE moods (id uuid PRIMARY KEY, mood text NOT NULL);
            INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_Moods', '10.0.0')
            """);
        await Task.WhenAll(deployment.StartAllAsync(), deployment.StartAsync("Assay.Steward"));
        await deployment.DropAsync("town.webp", await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", "town.webp"), TestContext.Current.CancellationToken));
        await deployment.AllEndAsync(1);

        await deployment.ShouldHaveClassifiedOnceAsync(1);
        // Run by mistake, the older setup takes nothing back.
        await deployment.SetupAsync();
        (await deployment.CountAsync("COUNT(*) FROM information_schema.columns WHERE column_name IN ('colour', 'mood')")).ShouldBe(2);
        (await deployment.CommandAsync([], "status", "--deployed")).Output.ShouldContain("landing");
        await deployment.CommandAsync([], "verify", "--deployed", "--grace", "0");
    }
}
