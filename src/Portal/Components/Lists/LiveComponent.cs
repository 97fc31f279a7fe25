using Microsoft.AspNetCore.Components;

namespace Portal.Components.Lists;

/// <summary>A page that loads what the stores hold and loads again when they change, a burst of changes at once.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _left = new();
    private ITimer? _timer;
    private int _asked;

    [Inject] protected TimeProvider Time { get; set; } = null!;

    /// <summary>Shortest time between two loads: a folder that is checked out with git draws the page a few times a second, not once a file.</summary>
    protected virtual TimeSpan Calm => TimeSpan.FromMilliseconds(300);

    /// <summary>Ends when the page is left.</summary>
    protected CancellationToken Left => _left.Token;

    /// <summary>Called before the first load, to subscribe to what makes <see cref="Reload"/> necessary.</summary>
    protected abstract void Watch();

    protected abstract void Unwatch();

    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    protected override async Task OnInitializedAsync()
    {
        _timer = Time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Watch();
        await LoadAsync(Left);
    }

    /// <summary>Loads again soon; may be called on any thread, any number of times.</summary>
    protected void Reload()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            _timer?.Change(Calm, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        Volatile.Write(ref _asked, 0);
        _ = InvokeAsync(LoadAgainAsync);
    }

    private async Task LoadAgainAsync()
    {
        try
        {
            await LoadAsync(Left);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left meanwhile.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _left.IsCancellationRequested)
            return;
        Unwatch();
        _timer?.Dispose();
        _left.Cancel();
        _left.Dispose();
    }
}
