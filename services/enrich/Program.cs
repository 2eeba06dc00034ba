using Assay.Enrich;
using Assay.Platform.Hosting;
using Assay.Platform.Isolation;

return args is [ChildProgram.Argument] ? await CarefulEnricher.RunChildAsync() : await AssayHost.RunAsync(args, new EnrichStage());
