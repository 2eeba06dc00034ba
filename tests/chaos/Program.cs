using Assay.Chaos;

return await ChaosCommand.Create().Parse(args).InvokeAsync();
