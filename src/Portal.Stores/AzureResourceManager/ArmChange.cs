using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>One change while it goes on: what Azure has taken of it, and what is told of it.</summary>
internal sealed class ArmChange(ArmKey key, Action<ChangeProgress> tell)
{
    /// <summary>Whether Azure has taken the change, be it a deletion.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>What Azure has taken, before it is done; null = nothing yet, or a deletion.</summary>
    public ArmEntry? Taken { get; private set; }

    /// <summary>Azure has taken a resource.</summary>
    public void Accept(ArmEntry entry)
    {
        Taken = entry;
        Accept(entry.State);
    }

    /// <summary>Azure has taken a deletion.</summary>
    public void Accept(string? state)
    {
        IsTaken = true;
        Say(state);
    }

    /// <summary>The operation was looked at.</summary>
    public void Say(string? state) => tell(new ChangeProgress(key.Kind, key.Name, IsTaken, state));

    /// <summary>Azure takes no requests for a while.</summary>
    public void Pause(TimeSpan wait) => tell(new ChangeProgress(key.Kind, key.Name, IsTaken, Pause: wait));
}
