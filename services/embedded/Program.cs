using Assay.Embedded;

return await AssayCommand.RunAsync(args);
