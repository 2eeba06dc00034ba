using Assay.Enrich;
using Assay.Platform.Hosting;

return await AssayHost.RunAsync(args, new EnrichStage());
