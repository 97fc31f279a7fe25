using System.Text;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Identity;

/// <summary>Tokens on the wire: managed identities, and sign-ins that are renewed.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData(null, "https://localhost")]
    [InlineData("https://plant.servicebus.windows.net", "https://plant.servicebus.windows.net")]
    public async Task Kafka_signs_in_with_a_token_for_the_host_unless_the_endpoint_says_another_audience(string? audience, string expected)
    {
        IdentityEndpoint.EnsureStarted();
        await using var fixture = new ProbeFixture();
        using var cluster = MockKafkaCluster.Start();
        var seen = new List<string>();
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions
        {
            Mechanisms = ["OAUTHBEARER"],
            SignIn = (_, message) =>
            {
                var token = Encoding.UTF8.GetString(message).Split("auth=Bearer ")[1].Split('\u0001')[0];
                lock (seen)
                    seen.AddRange(JsonWebToken.Read(token)!.Audiences);
                return null;
            },
        });

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"localhost:{gateway.Port}", authentication: new Authentication.SystemAssignedManagedIdentity(audience)));

        Assert.True(report.Outcome is TestOutcome.Passed, ReportAssert.Text(report));
        // The test's own sign-in and the client library's.
        Assert.True(seen.Count >= 2);
        Assert.All(seen, one => Assert.Equal(expected, one.Replace("/.default", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task MQTT_signs_in_with_a_token_for_Event_Grid()
    {
        IdentityEndpoint.EnsureStarted();
        await using var fixture = new ProbeFixture();
        var sent = "";
        await using var broker = ScriptedBroker.Start(new BrokerScript { OnSignIn = body => sent = Encoding.UTF8.GetString(body) });

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"localhost:{broker.Port}", tls: false, authentication: new Authentication.SystemAssignedManagedIdentity()));

        Assert.True(report.Outcome is TestOutcome.Passed, ReportAssert.Text(report));
        Assert.Contains("OAUTH2-JWT", sent, StringComparison.Ordinal);
        Assert.Contains(IdentityEndpoint.TokenFor("https://eventgrid.azure.net").Split('.')[0], sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_renews_its_sign_in_before_the_token_expires()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var fixture = new ProbeFixture(services => services.AddSingleton<TimeProvider>(clock));
        using var folder = new TemporaryFolder();
        var second = TestTokens.Create("aio-internal", TimeSpan.FromHours(2));
        fixture.Tokens.Add("aio-internal", folder.Write("token", TestTokens.Create("aio-internal", TimeSpan.FromHours(1))));
        var sent = new List<string>();
        await using var broker = ScriptedBroker.Start(new BrokerScript
        {
            OnSignIn = body =>
            {
                lock (sent)
                    sent.Add(Encoding.Latin1.GetString(body));
            },
        });
        var endpoint = ProbeFixture.Mqtt($"localhost:{broker.Port}", tls: false, authentication: new Authentication.ServiceAccountToken("aio-internal"));
        await using var connection = await fixture.Services.GetRequiredService<MqttConnector>().OpenAsync(endpoint, null, TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Single(sent);
        folder.Write("token", second);
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                return connection.Renewal!.Renewed == 1;
            },
            "the sign-in was renewed");

        Assert.Equal(2, sent.Count);
        Assert.Equal('\u0019', sent[1][0]);
        Assert.Contains("K8S-SAT", sent[1], StringComparison.Ordinal);
        Assert.Contains(second, sent[1], StringComparison.Ordinal);
        Assert.False(connection.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_machine_without_an_identity_is_told_from_workload_identity_that_is_not_complete()
    {
        using var folder = new TemporaryFolder();
        var workload = new WorkloadIdentityCredential(new WorkloadIdentityCredentialOptions
        {
            ClientId = "00000000-0000-0000-0000-000000000001",
            TenantId = "00000000-0000-0000-0000-000000000002",
            TokenFilePath = folder.Combine("gone"),
            DisableInstanceDiscovery = true,
        });

        Assert.Equal("identity-unavailable", (await ProblemAsync(new NoIdentity(), isWorkload: false)).Cause);
        Assert.Equal("identity-workload", (await ProblemAsync(workload, isWorkload: true)).Cause);
    }

    private static async Task<Problem> ProblemAsync(TokenCredential credential, bool isWorkload) => (await Assert.ThrowsAsync<ConnectionException>(() =>
        new ManagedIdentityToken(credential, "https://eventgrid.azure.net/.default", "the identity", isWorkload).GetAsync(TestContext.Current.CancellationToken))).Problem;

    private sealed class NoIdentity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("No endpoint.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new CredentialUnavailableException("No endpoint.");
    }
}
