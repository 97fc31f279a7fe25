using System.Runtime.CompilerServices;

namespace Portal.Messaging.Flows;

/// <summary>
/// Names of CloudEvents 1.0 attributes in both protocols. Kafka (CNCF Kafka binding): prefix <c>ce_</c>, <c>ce-</c> is read too,
/// <c>datacontenttype</c> is the header <c>content-type</c>. MQTT 5 (CNCF MQTT binding): user properties without a prefix.
/// </summary>
internal static class CloudEvents
{
    public const string KafkaPrefix = "ce_";
    public const string ContentTypeHeader = "content-type";

    /// <summary>Attributes without which a message is no CloudEvent: the first of <see cref="Names"/>.</summary>
    public const int RequiredCount = 4;

    public const int SpecVersion = 0, Type = 1, Source = 2, Id = 3, Subject = 4, Time = 5, DataContentType = 6, DataSchema = 7, Count = 8;

    /// <summary>Names on MQTT, the required ones first.</summary>
    public static readonly string[] Names = ["specversion", "type", "source", "id", "subject", "time", "datacontenttype", "dataschema"];

    /// <summary>Names on Kafka.</summary>
    public static readonly string[] Headers = [.. Names.Select(name => name == "datacontenttype" ? ContentTypeHeader : KafkaPrefix + name)];

    /// <summary>Which attribute a name without a prefix is; -1 = none.</summary>
    public static int IndexOf(ReadOnlySpan<char> name) => name switch
    {
        "specversion" => SpecVersion,
        "type" => Type,
        "source" => Source,
        "id" => Id,
        "subject" => Subject,
        "time" => Time,
        "datacontenttype" => DataContentType,
        "dataschema" => DataSchema,
        _ => -1,
    };

    /// <summary>Which attribute a Kafka header is; -1 = none of the eight.</summary>
    public static int IndexOfHeader(string name) =>
        name == ContentTypeHeader ? DataContentType : HasPrefix(name) ? IndexOf(name.AsSpan(KafkaPrefix.Length)) : -1;

    /// <summary>True for a header that is an attribute or an extension attribute.</summary>
    public static bool HasPrefix(string name) => name.Length > 3 && name[0] == 'c' && name[1] == 'e' && name[2] is '_' or '-';
}

/// <summary>The property of a message that each attribute is taken from; null = the attribute is not there.</summary>
[InlineArray(CloudEvents.Count)]
internal struct CloudEventSet
{
    private MessageProperty? _first;

    /// <summary>True when the message is a CloudEvent.</summary>
    public readonly bool IsComplete => this[CloudEvents.SpecVersion] is not null && this[CloudEvents.Type] is not null
        && this[CloudEvents.Source] is not null && this[CloudEvents.Id] is not null;

    /// <summary>Finds the attributes among properties; of several forms of one the source's own counts, then one with a prefix, then the first.</summary>
    /// <param name="properties">User properties or headers.</param>
    /// <param name="fromKafka">Whether they are Kafka headers.</param>
    /// <param name="toKafka">Whether the output is Kafka. A name that is an attribute in the output is one already, whatever the source.</param>
    public static CloudEventSet Read(IReadOnlyList<MessageProperty> properties, bool fromKafka, bool toKafka)
    {
        var set = new CloudEventSet();
        for (var at = 0; at < properties.Count; at++)
        {
            var property = properties[at];
            var index = IndexOf(property.Name, fromKafka, toKafka);
            if (index < 0 || (fromKafka && !toKafka && UserProperties.Problem(property) is not null))
                continue;
            var written = fromKafka ? CloudEvents.Headers[index] : CloudEvents.Names[index];
            if (set[index] is not { } found || Rank(property.Name, written) < Rank(found.Name, written))
                set[index] = property;
        }
        return set;
    }

    /// <summary>Which attribute a property of a message is; -1 = none of the eight.</summary>
    public static int IndexOf(string name, bool fromKafka, bool toKafka)
    {
        var index = fromKafka ? CloudEvents.IndexOfHeader(name) : CloudEvents.IndexOf(name);
        return index >= 0 || fromKafka == toKafka ? index : fromKafka ? CloudEvents.IndexOf(name) : CloudEvents.IndexOfHeader(name);
    }

    private static int Rank(string name, string written) => name == written ? 0 : CloudEvents.HasPrefix(name) ? 1 : 2;
}
