using System.CommandLine;
using Assay.Benchmarks;

return await new RootCommand("Measures what the stages cost. Each command prints a table in Markdown; docs/benchmarks.md explains them.")
{
    SilverCommand.Create(),
    ClassifyCommand.Create(),
    MemoryCommand.Create(),
    SteadyCommand.Create(),
    CrashesCommand.Create(),
    CapacityCommand.Create(),
}.Parse(args).InvokeAsync();
