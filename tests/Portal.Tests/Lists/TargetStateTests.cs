using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Pages;
using Portal.Components.Targets;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Tests.Lists;

/// <summary>What the pages say of a target that does not work, or not altogether.</summary>
public sealed class TargetStateTests : ListsContext
{
    private static readonly TargetState Unreachable = new(TargetCondition.Unavailable, "unreachable", "The API server cannot be reached.", "Check that the cluster is up.");

    public TargetStateTests()
    {
        var cluster = new TargetSettings("plant", TargetKind.Kubernetes, "azure-iot-operations", "/data", TargetSettings.Section);
        Services.AddSingleton(new TargetSet([new Target(cluster, new ServiceCollection().AddSingleton<IResourceStore>(Store).BuildServiceProvider(), 0)]));
    }

    [Fact]
    public void The_empty_lists_of_a_target_that_cannot_be_read_do_not_say_that_nothing_is_there()
    {
        Store.Become(Unreachable);
        Check(Open<EndpointsPage>("/endpoints"), Text.Endpoints_Empty);
        Check(Open<DataflowsPage>("/dataflows"), Text.Flows_Empty);
        Check(Open<Overview>("/"), Text.Flows_Empty);
        Check(Open<SecretsPage>("/secrets"), Text.Secrets_NoSynced);

        void Check(IRenderedComponent<IComponent> page, string empty)
        {
            Assert.Contains(Text.Target_Unread.With("plant"), page.Markup, StringComparison.Ordinal);
            Assert.DoesNotContain(empty, page.Markup, StringComparison.Ordinal);
            Assert.DoesNotContain("folder", page.Markup, StringComparison.Ordinal);
            Store.Become(TargetState.Ready);
            page.WaitForAssertion(() => Assert.Contains(empty, page.Markup, StringComparison.Ordinal));
            Assert.DoesNotContain("folder", page.Markup, StringComparison.Ordinal);
            Store.Become(Unreachable);
        }
    }

    [Fact]
    public void The_banner_tells_of_missing_rights_also_where_resources_can_be_written()
    {
        var banner = Render<TargetBanner>();
        Assert.Empty(banner.FindAll("section"));
        Store.Become(new TargetState(TargetCondition.Ready, "rights-missing", "The signed-in user may not create on events.", "Apply this Role.") { Remedy = "kind: Role" });
        banner.WaitForAssertion(() => Assert.Contains("may not create on events", banner.Find("section").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(Text.Target_ConditionReady, banner.Markup, StringComparison.Ordinal);
        banner.FindAll("button").First(button => button.TextContent == Text.Target_ShowRemedy).Click();
        Assert.Contains("kind: Role", banner.Markup, StringComparison.Ordinal);
        Store.Become(TargetState.Ready);
        banner.WaitForAssertion(() => Assert.Empty(banner.FindAll("section")));
    }
}
