using Assay.Preprocess;
using Assay.Platform.Hosting;
using Assay.Platform.Isolation;

return args is [ChildProgram.Argument] ? await CarefulTransform.RunChildAsync() : await AssayHost.RunAsync(args, new PreprocessStage());
