using Assay.Classify;
using Assay.Platform.Hosting;
using Assay.Platform.Isolation;

return args is [ChildProgram.Argument] ? await ModelTrial.RunChildAsync() : await AssayHost.RunAsync(args, new ClassifyStage());
