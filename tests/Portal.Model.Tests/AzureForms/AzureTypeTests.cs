using System.Text.Json.Nodes;
using Azure.Bicep.Types.Concrete;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>What we write for Azure conforms to the published types, and the field table has all that they have.</summary>
public sealed class AzureTypeTests
{
    private static readonly ObjectType Properties = AzureTypes.Properties(DocumentOptions.DefaultApiVersion);

    [Fact]
    public void EveryEndpointConformsInEveryApiVersion() => Assert.All(DocumentOptions.ApiVersions, version =>
    {
        var type = AzureTypes.Properties(version);
        foreach (var endpoint in ValidEndpoint.Cases.SelectMany(@case => new[] { @case.Basic, @case.Full with { HostType = @case.Kind.HostType } }))
        {
            var template = JsonNode.Parse(EndpointDocuments.Write(endpoint, DocumentFormat.Arm, new DocumentOptions { ApiVersion = version }).Text)!;
            Assert.Empty(AzureTypes.Problems(type, template["resources"]![0]!["properties"], "properties"));
            Assert.Empty(AzureTypes.Problems(AzureTypes.Body(version).Properties["name"].Type.Type, endpoint.Name, "name"));
        }
    });

    [Fact]
    public void AWrongValueBreaksTheTypes()
    {
        var wrong = JsonNode.Parse("""{ "endpointType": "Mqtt", "mqttSettings": { "qos": 2, "retain": "keep", "Host": "x", "authentication": { "method": "Sasl" } } }""");
        Assert.Equal(4, AzureTypes.Problems(Properties, wrong, "properties").Count());
    }

    [Theory]
    [InlineData(Wire.Kafka)]
    [InlineData(Wire.Mqtt)]
    public void TheFieldTableHasEveryMemberOfTheTypesAndNoOther(Wire wire)
    {
        var member = BrokerSettings.MemberOf(wire);
        var published = Leaves((ObjectType)Properties.Properties[member].Type.Type, member).Order();
        Assert.Equal(published, EndpointFields.For(wire).Where(field => field.IsInAzure).Select(field => field.Path).Order());
    }

    [Theory]
    [InlineData(Wire.Kafka)]
    [InlineData(Wire.Mqtt)]
    public void EveryFieldHasTheValuesAndTheRangeOfTheTypes(Wire wire) => Assert.All(EndpointFields.For(wire).Where(field => field.IsInAzure), field =>
    {
        var type = At(field.Path);
        if (type is UnionType union)
        {
            var kind = wire is Wire.Kafka ? EndpointKind.CustomKafka : EndpointKind.CustomMqtt;
            Assert.Equal(AzureTypes.Values(union).Order(), field.ChoicesFor(kind).Select(choice => choice.Value).Order());
        }
        else if (type is IntegerType number)
        {
            Assert.Equal(number.MinValue, field.Range!.Value.Least);
            Assert.True(number.MaxValue is null || number.MaxValue == field.Range.Value.Most, field.Path);
        }
        else
            Assert.IsType<StringType>(type);
    });

    [Fact]
    public void NamesFollowThePatternOfTheTypes()
    {
        var name = AzureTypes.Body(DocumentOptions.DefaultApiVersion).Properties["name"].Type.Type;
        string[] names = ["abc", "ab", "a", "", "a-b", "-ab", "ab-", "Abc", "a_b", "a.b", "0ab", new string('a', 63), new string('a', 64), "a--b", "é12", "a b"];
        Assert.All(names, text => Assert.Equal(!AzureTypes.Problems(name, text, "name").Any(), NameRules.CheckResourceName(text) is null));
    }

    [Fact]
    public void HostTypesAreThoseOfTheTypes() => Assert.All(EndpointKind.All, kind =>
        Assert.Contains(kind.HostType, AzureTypes.Values((UnionType)AzureTypes.Properties(DocumentOptions.ApiVersions[^1]).Properties["hostType"].Type.Type)));

    [Fact]
    public void HostTypeIsWrittenInExactlyTheVersionsThatHaveIt() => Assert.All(DocumentOptions.ApiVersions, version =>
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.CustomKafka) with { HostType = "CustomKafka" };
        var written = EndpointDocuments.Write(endpoint, DocumentFormat.Bicep, new DocumentOptions { ApiVersion = version });
        var has = AzureTypes.Properties(version).Properties.ContainsKey("hostType");
        Assert.Equal(has, written.Text.Contains("hostType: 'CustomKafka'"));
        Assert.Equal(!has, written.Notes.Any(note => note.Path == "spec.hostType"));
    });

    private static TypeBase At(string path) => path.Split('.').Aggregate((TypeBase)Properties, (type, name) => ((ObjectType)type).Properties[name].Type.Type);

    private static IEnumerable<string> Leaves(ObjectType type, string path) => type.Properties.SelectMany(member =>
        member.Value.Type.Type is ObjectType child ? Leaves(child, path + "." + member.Key) : [path + "." + member.Key]);
}
