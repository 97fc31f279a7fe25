using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Portal.Targets;

/// <summary>
/// Passes every call of an interface on to the service of a target. It stands between scope and service because a scope
/// disposes what it hands out, and the target's services live longer.
/// </summary>
internal class Forward : DispatchProxy
{
    private object _service = null!;

    /// <summary>A forwarder for <typeparamref name="T"/>, an interface.</summary>
    public static T To<T>(T service)
        where T : class
    {
        var forward = Create<T, Forward>();
        ((Forward)(object)forward)._service = service;
        return forward;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        try
        {
            return targetMethod!.Invoke(_service, args);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException);
            throw;
        }
    }
}
