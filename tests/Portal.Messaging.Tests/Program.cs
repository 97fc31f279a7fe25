using Portal.Messaging.Tests.Flows;

// A test starts this very program again as a process that runs a dataflow, to be killed in the middle.
return args is ["flow", .. var rest]
    ? await FlowProcess.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
