using Assay.Ingest;
using Assay.Platform.Hosting;

return await AssayHost.RunAsync(args, new IngestStage());
