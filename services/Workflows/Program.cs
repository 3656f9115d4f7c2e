using Conductor.Workflows;

WorkflowsService.Create(args).Run();
