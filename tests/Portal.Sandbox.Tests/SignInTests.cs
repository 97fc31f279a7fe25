using System.Security.Authentication;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using Portal.Sandbox.Identity;
using Portal.Sandbox.Mqtt;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class SignInTests
{
    [Theory]
    [InlineData("aio-broker")]
    [InlineData("aio-broker.azure-iot-operations")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task A_token_signs_in_over_a_verified_connection_by_every_name_of_the_broker(string name)
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var client = sandbox.Client();

        var answer = await sandbox.SignInAsync(client, sandbox.Token(), sandbox.Tls(name));

        Assert.Equal(MqttClientConnectResultCode.Success, answer.ResultCode);
        Assert.False(answer.SharedSubscriptionAvailable);
        Assert.True(answer.RetainAvailable);
        await client.PingAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Another_name_is_not_in_the_certificate()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => sandbox.SignInAsync(sandbox.Client(), sandbox.Token(), sandbox.Tls("other-broker")));
        Assert.IsType<AuthenticationException>(refused.InnerException);
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var token = sandbox.Token(lifetime: TimeSpan.FromMinutes(1));
        sandbox.Time.Advance(TimeSpan.FromMinutes(1));

        await AssertRefusedAsync(sandbox, token, "The token has expired");
    }

    [Fact]
    public async Task A_token_for_another_audience_is_refused()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();

        await AssertRefusedAsync(sandbox, sandbox.Token("my-audience"), "audience my-audience, but this broker expects aio-internal");
    }

    [Fact]
    public async Task A_token_that_another_cluster_signed_is_refused()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        using var elsewhere = new TemporaryFolder();
        using var foreign = ServiceAccountTokenIssuer.Open(elsewhere.Path, TimeSpan.FromHours(1), sandbox.Time);

        await AssertRefusedAsync(sandbox, foreign.CreateToken(TokenSignIn.Audience), "not signed by this cluster");
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_is_refused()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var honest = sandbox.Token("my-audience").Split('.');
        var wanted = sandbox.Token().Split('.');

        await AssertRefusedAsync(sandbox, $"{honest[0]}.{wanted[1]}.{honest[2]}", "not signed by this cluster");
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("a.b.c")]
    [InlineData("bm9uZQ.bm9uZQ.bm9uZQ")]
    public async Task What_is_not_a_token_is_refused(string token)
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();

        await AssertRefusedAsync(sandbox, token, "token");
    }

    [Fact]
    public async Task Another_method_and_none_are_refused_with_the_method_that_is_wanted()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();

        var other = await sandbox.Client().ConnectAsync(
            sandbox.Tls().WithEnhancedAuthentication("OAUTH2-JWT", [1]).Build(), TestContext.Current.CancellationToken);
        var none = await sandbox.Client().ConnectAsync(
            sandbox.Tls().WithCredentials("portal", "password").Build(), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientConnectResultCode.BadAuthenticationMethod, other.ResultCode);
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, none.ResultCode);
        Assert.Contains("K8S-SAT", other.ReasonString);
        Assert.Contains("K8S-SAT", none.ReasonString);
    }

    [Fact]
    public async Task A_renewed_sign_in_outlives_the_first_token_and_ends_with_the_second()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var client = sandbox.Client();
        var answers = new AuthAnswers();
        var gone = Disconnection(client);
        await sandbox.SignInAsync(client, sandbox.Token(lifetime: TimeSpan.FromSeconds(60)), sandbox.Tls().WithEnhancedAuthenticationHandler(answers));

        sandbox.Time.Advance(TimeSpan.FromSeconds(50));
        await client.SendEnhancedAuthenticationExchangeDataAsync(Renewal(sandbox.Token(lifetime: TimeSpan.FromSeconds(60))));
        Assert.Equal(MqttAuthenticateReasonCode.Success, await answers.NextAsync());

        sandbox.Time.Advance(TimeSpan.FromSeconds(30));
        await client.PingAsync(TestContext.Current.CancellationToken);
        Assert.False(gone.IsCompleted);

        sandbox.Time.Advance(TimeSpan.FromSeconds(31));
        var end = await Wait.ForAsync(gone, "the broker ends the connection");
        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, end.Reason);
    }

    [Fact]
    public async Task A_renewal_with_a_bad_token_ends_the_connection_with_the_reason()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var client = sandbox.Client();
        var gone = Disconnection(client);
        await sandbox.SignInAsync(client, sandbox.Token());

        await client.SendEnhancedAuthenticationExchangeDataAsync(Renewal(sandbox.Token("my-audience")));

        var end = await Wait.ForAsync(gone, "the broker ends the connection");
        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, end.Reason);
        Assert.Contains("my-audience", end.ReasonString);
    }

    [Fact]
    public async Task A_common_tool_without_a_token_is_refused()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();

        var result = await ProcessRunner.RunAsync(
            "mosquitto_sub", "-h", "localhost", "-p", $"{sandbox.Broker.TlsPort}", "--cafile", sandbox.CaFile, "-V", "5", "-t", "#", "-C", "1", "-W", "5");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Not authorized", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task AssertRefusedAsync(BrokerUnderTest sandbox, string token, string reason)
    {
        var answer = await sandbox.SignInAsync(sandbox.Client(), token);

        Assert.Equal((MqttClientConnectResultCode)0x87, answer.ResultCode);
        Assert.Contains(reason, answer.ReasonString);
    }

    private static MqttEnhancedAuthenticationExchangeData Renewal(string token) =>
        new() { AuthenticationData = Encoding.UTF8.GetBytes(token), ReasonCode = MqttAuthenticateReasonCode.ReAuthenticate };

    private static Task<MqttClientDisconnectedEventArgs> Disconnection(IMqttClient client)
    {
        var gone = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            gone.TrySetResult(args);
            return Task.CompletedTask;
        };
        return gone.Task;
    }

    private sealed class AuthAnswers : IMqttEnhancedAuthenticationHandler
    {
        private readonly Channel<MqttAuthenticateReasonCode> _answers = Channel.CreateUnbounded<MqttAuthenticateReasonCode>();

        public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs) =>
            _answers.Writer.WriteAsync(eventArgs.ReasonCode).AsTask();

        public Task<MqttAuthenticateReasonCode> NextAsync() =>
            Wait.ForAsync(_answers.Reader.ReadAsync().AsTask(), "the broker answers AUTH");
    }
}
