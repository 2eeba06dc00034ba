using Assay.Classify;
using Assay.Platform.Hosting;

return await AssayHost.RunAsync(args, new ClassifyStage());
