using System.Text.Json.Nodes;
using Azure.Identity;
using Portal.AzureServer;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.AzureResourceManager;

/// <summary>What the target says of itself when something is missing.</summary>
public sealed class AzureStateTests : IAsyncLifetime
{
    private const string Endpoints = "Microsoft.IoTOperations/instances/dataflowEndpoints";

    private AzurePlace place = null!;

    public async ValueTask InitializeAsync() => place = await AzurePlace.StartAsync();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task Missing_rights_to_write_leave_it_readable_and_name_action_scope_and_role()
    {
        place.Put(ResourceKind.DataflowEndpoint, "line3", []);
        place.Server.Arm.Deny(Endpoints + "/write");
        var store = place.Open().Resources;
        await store.ListAsync();
        Assert.Equal((TargetCondition.ReadOnly, "rights-missing"), (store.State.Condition, store.State.Cause));
        Assert.Contains($"{Endpoints}/write on {AzurePlace.Instance}", store.State.Message, StringComparison.Ordinal);
        Assert.Equal([Endpoints + "/write"], JsonNode.Parse(store.State.Remedy!)!["Actions"]!.AsArray().Select(one => (string)one!));

        var denied = Assert.IsType<StoreResult.Denied>(await store.SaveAsync(Sample.Endpoint("line4"), Precondition.New));
        Assert.Equal($"You have no right to {Endpoints}/write on {AzurePlace.Instance}/dataflowEndpoints/line4.", denied.Message);
    }

    [Fact]
    public async Task What_may_not_be_read_is_said_and_the_rest_is_shown()
    {
        place.Server.Arm.Deny(Endpoints + "/read");
        var store = place.Open().Resources;
        var listing = await store.ListAsync();
        Assert.Single(listing.Of(ResourceKind.DataflowProfile));
        Assert.Equal("rights-missing", Assert.Single(listing.Problems).Finding.Code);
        Assert.Equal(TargetCondition.ReadOnly, store.State.Condition);
        Assert.Contains(Endpoints + "/read", store.State.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_thing_that_keeps_it_from_reading_has_a_state_of_its_own()
    {
        place.Server.Arm.Put(AzurePlace.Group + "/providers/Microsoft.IoTOperations/instances/aio-hall9", new JsonObject { ["properties"] = new JsonObject() });
        var state = await StateAsync(options => options.Instance = "aio-hall4");
        Assert.Equal("instance-not-found", state.Cause);
        Assert.Contains("aio-hall3, aio-hall9", state.Fix, StringComparison.Ordinal);
        Assert.Equal("resource-group-not-found", (await StateAsync(options => options.ResourceGroup = "nowhere")).Cause);

        place.Credential.Failure = new CredentialUnavailableException("Please run 'az login'.");
        state = await StateAsync();
        Assert.Equal("sign-in-missing", state.Cause);
        Assert.Contains("az login", state.Fix, StringComparison.Ordinal);
        place.Credential.Failure = null;

        place.Credential.Forget();
        place.Credential.Lifetime = TimeSpan.FromMinutes(-1);
        Assert.Equal("sign-in-refused", (await StateAsync()).Cause);
        place.Server.Tokens.Now = () => TimeProvider.System.GetUtcNow().AddMinutes(20);
        state = await StateAsync();
        Assert.Equal("clock-skew", state.Cause);
        Assert.Contains("20 minutes", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_tells_when_the_way_is_lost_shows_what_it_knew_and_comes_back_by_itself()
    {
        place.Put(ResourceKind.DataflowEndpoint, "line3", Sample.Arm("broker.example:1"));
        var store = place.Open(runs: true).Resources;
        Assert.Equal(TargetCondition.Connecting, store.State.Condition);
        Assert.Contains("every 5 s", store.Target, StringComparison.Ordinal);
        await Wait.UntilAsync(() => store.State == TargetState.Ready, "it is ready");
        var told = 0;
        store.StateChanged += () => Interlocked.Increment(ref told);

        place.Server.Faults.Add("*", "/", new ServerFault.CutBefore(), int.MaxValue);
        await Wait.UntilAsync(() => store.State.Cause == "unreachable", "it is unreachable", lastSeen: () => store.State.ToString());
        Assert.Single((await store.ListAsync()).Of(ResourceKind.DataflowEndpoint));
        Assert.NotNull(await store.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        Assert.IsType<StoreResult.Unavailable>(await store.SaveAsync(Sample.Endpoint("line3"), Precondition.None));

        place.Server.Faults.Clear();
        await Wait.UntilAsync(() => store.State == TargetState.Ready, "it is ready again", lastSeen: () => store.State.ToString());
        Assert.True(told >= 2);
        Assert.DoesNotContain("eyJ", place.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SubscriptionId", "x")]
    [InlineData("TenantId", "contoso")]
    [InlineData("ClientId", "me")]
    [InlineData("ResourceGroup", "")]
    [InlineData("ResourceGroup", "a/b")]
    [InlineData("Instance", "AIO")]
    [InlineData("ApiVersion", "2023-01-01")]
    [InlineData("KeyVault", "https://plant.vault.azure.net")]
    [InlineData("RefreshInterval", "00:00:01")]
    [InlineData("Cloud", "9")]
    public void Options_that_cannot_work_are_named_with_key_value_and_what_is_allowed(string key, string value)
    {
        var options = new AzureTargetOptions { SubscriptionId = AzurePlace.Subscription, ResourceGroup = "plant", Instance = "aio-hall3", KeyVault = "plant-vault" };
        Assert.Empty(AzureTargetChecks.Check(options, "Portal:Targets:1:Azure"));
        var property = typeof(AzureTargetOptions).GetProperty(key)!;
        property.SetValue(options, System.ComponentModel.TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));
        var problem = Assert.Single(AzureTargetChecks.Check(options, "Portal:Targets:1:Azure"));
        Assert.StartsWith($"Portal:Targets:1:Azure:{key} is '{value}'. ", problem, StringComparison.Ordinal);
    }

    private async Task<TargetState> StateAsync(Action<AzureTargetOptions>? change = null)
    {
        var store = place.Open(change).Resources;
        await store.ListAsync();
        Assert.Equal(TargetCondition.Unavailable, store.State.Condition);
        return store.State;
    }
}
