using Assay.Trainer;

return await TrainerCommand.RunAsync(args);
