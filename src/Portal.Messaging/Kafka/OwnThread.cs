namespace Portal.Messaging.Kafka;

/// <summary>Runs calls of the Kafka library that block on a thread of their own, so that none of the pool's is held.</summary>
internal static class OwnThread
{
    public static Task<T> RunAsync<T>(Func<T> blocking) =>
        Task.Factory.StartNew(blocking, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task RunAsync(Action blocking) =>
        Task.Factory.StartNew(blocking, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
