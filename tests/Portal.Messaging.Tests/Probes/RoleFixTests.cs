using Portal.Messaging.Connections;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>Missing rights of a managed identity name the role that it lacks.</summary>
public sealed class RoleFixTests
{
    [Theory]
    [InlineData("eventhub", true, "role Azure Event Hubs Data Receiver on the namespace 'my-namespace'")]
    [InlineData("eventhub", false, "role Azure Event Hubs Data Sender on the namespace 'my-namespace'")]
    [InlineData("eventgrid", null, "roles EventGrid TopicSpaces Publisher (to write) and EventGrid TopicSpaces Subscriber (to read) on the namespace 'my-namespace'")]
    public void The_role_of_the_direction_replaces_the_general_advice(string kind, bool? isSource, string said)
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.Find(kind)!, AuthenticationMethod.UserAssignedManagedIdentity);
        var fix = new Problem("topic-write-not-authorized", "No.", "Ask.").WithRole(endpoint, isSource).Fix;
        Assert.Contains(said, fix, StringComparison.Ordinal);
        Assert.Contains(ValidEndpoint.ClientId, fix, StringComparison.Ordinal);
        Assert.Equal("Wait.", new Problem("topic-write-timeout", "No.", "Wait.").WithRole(endpoint, isSource).Fix);
    }

    [Fact]
    public void Elsewhere_the_general_advice_stays() =>
        Assert.Equal("Ask.", new Problem("topic-write-not-authorized", "No.", "Ask.").WithRole(ValidEndpoint.Of(EndpointKind.CustomKafka, AuthenticationMethod.SystemAssignedManagedIdentity), false).Fix);
}
