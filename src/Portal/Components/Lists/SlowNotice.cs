using MudBlazor;
using Portal.Resources;

namespace Portal.Components.Lists;

/// <summary>Says that a change of a list goes on when it takes longer than a second, for as long as it does.</summary>
internal sealed class SlowNotice(ISnackbar snackbar, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="name">What is changed.</param>
    /// <param name="change">The change.</param>
    public async Task<T> WhileAsync<T>(string name, Task<T> change)
    {
        if (await Task.WhenAny(change, Task.Delay(Patience, time)) == change)
            return await change;
        var notice = snackbar.Add(Text.Wait_Working.With(name), Severity.Info, options => options.RequireInteraction = true);
        try
        {
            return await change;
        }
        finally
        {
            if (notice is not null)
                snackbar.Remove(notice);
        }
    }
}
