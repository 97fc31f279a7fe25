using Microsoft.Extensions.Logging;

namespace Portal.Stores;

/// <summary>Tells those who listen, one by one: a page that fails on the news must not fail the change or keep it from the others.</summary>
internal static class Events
{
    public static void Raise(this ILogger logger, Action? handlers)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            Guard(logger, handler);
    }

    public static void Raise<T>(this ILogger logger, Action<T>? handlers, T change)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            Guard(logger, () => handler(change));
    }

    private static void Guard(ILogger logger, Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception exception)
        {
            logger.ListenerFailed(exception);
        }
    }
}
