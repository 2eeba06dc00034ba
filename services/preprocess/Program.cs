using Assay.Preprocess;
using Assay.Platform.Hosting;

return await AssayHost.RunAsync(args, new PreprocessStage());
