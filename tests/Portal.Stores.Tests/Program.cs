using Portal.Stores.Tests;

// The tests start this very program again as a second portal: to be killed in the middle of a write, or to write at the same time.
return args is ["second-portal", .. var rest]
    ? await SecondPortal.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
