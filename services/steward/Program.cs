using Assay.Platform.Hosting;
using Assay.Steward;

return await AssayHost.RunAsync(args, new StewardStage());
