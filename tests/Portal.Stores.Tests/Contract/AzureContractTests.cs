using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;

namespace Portal.Stores.Tests.Contract;

/// <summary>The contract on an Azure IoT Operations instance.</summary>
public sealed class AzureContractTests : ResourceStoreContract
{
    protected override async Task<TargetUnderTest> StartAsync() => await AzureUnderTest.StartAsync();

    private sealed class AzureUnderTest(AzurePlace place) : TargetUnderTest
    {
        public override IResourceStore Store { get; } = place.Open(runs: true).Resources;

        public static async Task<AzureUnderTest> StartAsync()
        {
            var place = await AzurePlace.StartAsync();
            // With ETags: without them two portals can write within the same milliseconds.
            place.Server.Arm.GivesETags = true;
            var target = new AzureUnderTest(place);
            await target.Store.ListAsync();
            return target;
        }

        public override async Task<IResourceStore> OpenSecondAsync()
        {
            var second = place.Open(runs: true).Resources;
            await second.ListAsync();
            return second;
        }

        public override Task PutOutsideAsync(JsonObject resource)
        {
            place.Put(Enum.Parse<ResourceKind>((string)resource["kind"]!), (string)resource["metadata"]!["name"]!, resource["spec"]!.AsObject());
            return Task.CompletedTask;
        }

        public override Task DeleteOutsideAsync(ResourceKind kind, string name)
        {
            place.Server.Arm.Remove(AzurePlace.PathOf(kind, name));
            return Task.CompletedTask;
        }

        public override Task<string> StampAsync(ResourceKind kind, string name) => Task.FromResult((string)place.Server.Arm.Find(AzurePlace.PathOf(kind, name))!["etag"]!);

        public override Task<JsonObject?> ReadOutsideAsync(ResourceKind kind, string name) =>
            Task.FromResult(place.Properties(kind, name) is { } properties ? new JsonObject { ["spec"] = properties.DeepClone() } : null);

        public override ValueTask DisposeAsync() => place.DisposeAsync();
    }
}
