using System.Text;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>CloudEvents attributes of one output: carried over, brought up to date after a transformation, or made.</summary>
internal readonly struct CloudEventOutput
{
    private const string DefaultType = "ms.aio-dataflow.telemetry";
    private const string DefaultSpecVersion = "1.0";

    private readonly CloudEventSet _set;
    private readonly bool _isComplete;
    private readonly bool _toKafka;

    public CloudEventOutput(in TranslationWork work)
    {
        var plan = work.Plan;
        _toKafka = plan.ToKafka;
        var creates = plan.CloudEvents is CloudEventAttributes.CreateOrRemap;
        if (!creates && work.Message.Properties.Count < CloudEvents.RequiredCount)
            return;
        _set = CloudEventSet.Read(work.Message.Properties, plan.FromKafka, _toKafka);
        _isComplete = _set.IsComplete;
        IsActive = creates || _isComplete;
    }

    /// <summary>Whether attributes go out as such; a message that is no CloudEvent passes as it is.</summary>
    public bool IsActive { get; }

    private string Rule => _toKafka ? Rules.CloudEventKafka : Rules.CloudEventMqtt;

    /// <summary>The property that an attribute is taken from; null when the attribute is not there or attributes are not sent as such.</summary>
    public MessageProperty? Attribute(int index) => IsActive && index >= 0 ? _set[index] : null;

    /// <summary>Sends an attribute under the name of the destination.</summary>
    public void Write(ref HeaderOutput headers, in TranslationWork work, MessageProperty property, int index)
    {
        var name = NameOf(index);
        if (Renewed(work, index) is { } value)
            headers.Change(property, new MessageProperty(name, value), index == CloudEvents.DataSchema ? Rules.CloudEventSchema : Rules.CloudEventContentType);
        else if (property.Name == name && property.Value is not null)
            headers.Keep(property, Rule);
        else
            headers.Change(property, new MessageProperty(name, property.Value ?? (_toKafka ? (ReadOnlyMemory<byte>?)null : ReadOnlyMemory<byte>.Empty)), Rule);
    }

    /// <summary>Makes the attributes that are missing.</summary>
    public void Generate(ref HeaderOutput headers, in TranslationWork work, Func<Guid> newId)
    {
        if (!IsActive)
            return;
        for (var index = 0; index < CloudEvents.Count; index++)
        {
            if (_set[index] is not null)
                continue;
            var (value, rule) = Made(work, index, newId);
            if (value is not null)
                headers.Generate(new MessageProperty(NameOf(index), Encoding.UTF8.GetBytes(value)), rule);
        }
    }

    private (string? Value, string Rule) Made(in TranslationWork work, int index, Func<Guid> newId)
    {
        // A complete event gets no attribute but what describes the output itself.
        if (_isComplete)
            return index switch
            {
                // On MQTT the content type of the message is the attribute already.
                CloudEvents.DataContentType when _toKafka => (work.DataContentType, Rules.CloudEventContentType),
                CloudEvents.DataSchema => (work.Plan.OutputSchema, Rules.CloudEventSchema),
                _ => (null, ""),
            };
        var rule = Rules.Missing(CloudEvents.Names[index]);
        return (index switch
        {
            CloudEvents.SpecVersion => DefaultSpecVersion,
            CloudEvents.Type => DefaultType,
            CloudEvents.Source => work.Plan.CloudEventSource,
            CloudEvents.Id => newId().ToString(),
            CloudEvents.Subject => work.Topic,
            CloudEvents.Time => work.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null),
            CloudEvents.DataContentType => work.DataContentType,
            _ => work.Plan.OutputSchema,
        }, rule);
    }

    /// <summary>The new value of an attribute that describes a payload which is not the same any more; null = it stays.</summary>
    private static ReadOnlyMemory<byte>? Renewed(in TranslationWork work, int index) => index switch
    {
        CloudEvents.DataContentType when work.IsRewritten => (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(work.DataContentType!),
        CloudEvents.DataSchema when work.Plan.OutputSchema is { } schema => Encoding.UTF8.GetBytes(schema),
        _ => null,
    };

    private string NameOf(int index) => _toKafka ? CloudEvents.Headers[index] : CloudEvents.Names[index];
}
