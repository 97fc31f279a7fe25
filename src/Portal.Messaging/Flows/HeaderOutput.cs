using System.Text;
using Portal.Model.Dataflows;

namespace Portal.Messaging.Flows;

/// <summary>
/// The headers or user properties of one output. Each change notes at once what is kept, what is counted and what the
/// inspector shows, so that the three cannot disagree.
/// </summary>
internal struct HeaderOutput(Trace? trace, int capacity)
{
    private List<MessageProperty>? _items;
    private List<int>? _steps;

    public HeaderDrops Drops { get; private set; }

    public readonly bool Has(string name)
    {
        if (_items is not null)
            foreach (var item in _items)
                if (item.Name == name)
                    return true;
        return false;
    }

    /// <summary>A header or user property goes on as it is.</summary>
    public void Keep(MessageProperty property, string rule) =>
        Add(property, trace?.Add(PropertyChange.Copied, In(property), In(property), rule));

    /// <summary>A header or user property goes on in another form.</summary>
    public void Change(MessageProperty from, MessageProperty to, string rule) =>
        Add(to, trace?.Add(from.Name == to.Name ? PropertyChange.Copied : PropertyChange.Renamed, In(from), In(to), rule));

    /// <summary>A field of the protocol goes on as a header.</summary>
    public void FromField(string field, ReadOnlyMemory<byte>? value, MessageProperty to, string rule) =>
        Add(to, trace?.Add(PropertyChange.Copied, new ExplainedProperty(field, value, false), In(to), rule));

    /// <summary>A header is made.</summary>
    public void Generate(MessageProperty property, string rule) =>
        Add(property, trace?.Add(PropertyChange.Generated, null, In(property), rule));

    /// <summary>A header or user property does not go on; a reason counts it.</summary>
    public void Drop(MessageProperty property, HeaderDropReason? reason, string rule)
    {
        if (reason is { } counted)
            Drops = Drops.And(counted);
        trace?.Add(PropertyChange.Dropped, In(property), null, rule, reason);
    }

    /// <summary>A field of the protocol does not become a header.</summary>
    public void DropField(string field, ReadOnlyMemory<byte>? value, HeaderDropReason? reason, string rule)
    {
        if (reason is { } counted)
            Drops = Drops.And(counted);
        trace?.Add(PropertyChange.Dropped, new ExplainedProperty(field, value, false), null, rule, reason);
    }

    /// <summary>Counts what is no header.</summary>
    public void Count(HeaderDropReason reason) => Drops = Drops.And(reason);

    /// <summary>Applies the changes that the destination asks for, in their order.</summary>
    public void Apply(IReadOnlyList<(HeaderAction Action, MessageProperty Header)> actions)
    {
        foreach (var (action, header) in actions)
        {
            if (action is HeaderAction.AddIfNotPresent && Has(header.Name))
                continue;
            if (action is not HeaderAction.AddIfNotPresent)
                Remove(header.Name, action is HeaderAction.Remove ? Rules.HeaderRemove : Rules.HeaderReplace);
            if (action is not HeaderAction.Remove)
                Generate(header, action is HeaderAction.AddIfNotPresent ? Rules.HeaderAdd : Rules.HeaderReplace);
        }
    }

    /// <summary>Applies what the rules of the transformation write.</summary>
    public void Apply(IReadOnlyList<TransformedHeader> made, bool toKafka)
    {
        foreach (var header in made)
        {
            if (header.Value is null)
            {
                Remove(header.Name, header.Rule);
                continue;
            }
            var property = new MessageProperty(header.Name, Encoding.UTF8.GetBytes(header.Value));
            if (!toKafka && UserProperties.Problem(property) is { } reason)
                DropField(header.Name, property.Value, reason, Rules.Of(reason));
            else
                Generate(property, header.Rule);
        }
    }

    /// <summary>Removes every header of a name.</summary>
    public readonly void Remove(string name, string rule)
    {
        for (var at = (_items?.Count ?? 0) - 1; at >= 0; at--)
            if (_items![at].Name == name)
            {
                _items.RemoveAt(at);
                if (_steps is null)
                    continue;
                trace!.TakeBack(_steps[at], rule);
                _steps.RemoveAt(at);
            }
    }

    public readonly IReadOnlyList<MessageProperty> ToList() => _items ?? (IReadOnlyList<MessageProperty>)[];

    private void Add(MessageProperty property, int? step)
    {
        (_items ??= new List<MessageProperty>(Math.Max(capacity, 4))).Add(property);
        if (step is { } number)
            (_steps ??= []).Add(number);
    }

    private static ExplainedProperty In(MessageProperty property) => new(property.Name, property.Value, true);
}
