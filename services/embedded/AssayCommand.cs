using System.CommandLine;
using System.Data.Common;
using Assay.Embedded.Models;
using Assay.Embedded.Run;
using Assay.Embedded.Setup;
using Assay.Embedded.Training;
using Assay.Embedded.Verify;
using Assay.Platform.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded;

/// <summary>The command line. Exit codes: 0 done, 1 something did not reach its end, 2 wrong usage or a wrong setting.</summary>
internal static class AssayCommand
{
    /// <summary>Everything went as it should.</summary>
    public const int Done = 0;

    /// <summary>Something is missing or unfinished.</summary>
    public const int Unfinished = 1;

    /// <summary>The command or a setting is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Longer than the host needs to let started work finish.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Assay takes images in, keeps the originals, makes harmonised copies, says what they show and remembers everything.")
        {
            RunCommand.Create(),
            ShowCommand.Create(),
            StatusCommand.Create(),
            FailuresCommand.Create(),
            VerifyCommand.Create(),
            ModelsCommand.Create(),
            LabelsCommand.Create(),
            ReproduceCommand.Create(),
            TrainCommand.Create(),
            SetupCommand.Create(),
        };
        var parsed = root.Parse(args);
        if (Usage.FirstFault(parsed) is { } fault)
        {
            Terminal.WriteError(fault);
            return WrongUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopPatience });
        }
        catch (SettingsException wrong)
        {
            Terminal.WriteError(wrong.Message);
            return WrongUsage;
        }
        // A full disk, a folder that has lost its rights, a damaged catalog: what has been done is safe, and the same command goes on from there.
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            var catalog = parsed.CommandResult.Command.Options.Contains(DataFolder.Option) ? " " + DataFolder.CatalogIn(parsed.GetRequiredValue(DataFolder.Option)) : "";
            Terminal.WriteError($"The catalog{catalog} cannot be used: {exception.GetBaseException().Message}{(IsDamaged(exception.GetBaseException()) ? " Restore it from a backup." : "")}");
            return Unfinished;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Terminal.WriteError($"Assay cannot go on: {exception.GetBaseException().Message}");
            return Unfinished;
        }
    }

    // SQLITE_CORRUPT and SQLITE_NOTADB (https://www.sqlite.org/rescode.html).
    private static bool IsDamaged(Exception exception) => exception is SqliteException { SqliteErrorCode: 11 or 26 };
}
