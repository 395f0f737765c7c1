// What a person must hear of. Each alert has a section of that name in infra/README.md; metrics are those of shared/platform/telemetry/metrics.ts.
param suffix string
param location string
param tags object
@description('Empty: alerts only show in the portal.')
param email string
param workspaceId string
param serviceBusId string
param stateStorageId string

var receivers = empty(email) ? [] : [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-acg-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'acg-facade'
    enabled: true
    emailReceivers: receivers
  }
}

// Each query ends in one row with one number, `value`, or in none.
var rules = [
  {
    name: 'due-work-is-late'
    text: 'Something due has waited for more than 15 minutes.'
    severity: 1
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 900
    query: 'AppMetrics | where Name == "acg.due.oldest_s" | summarize value = max(Max)'
  }
  {
    name: 'sweep-is-silent'
    text: 'The sweep has not reported for 15 minutes: the app is down or cannot read its state.'
    severity: 0
    window: 'PT15M'
    operator: 'LessThan'
    threshold: 1
    query: 'AppMetrics | where Name == "acg.due.oldest_s" | summarize value = count()'
  }
  {
    name: 'upstream-refuses-for-rate'
    text: 'The gateway answered 429 more than five times in 15 minutes.'
    severity: 2
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 5
    query: 'AppMetrics | where Name == "acg.upstream.requests" and tostring(Properties.status) == "429" | summarize value = sum(Sum)'
  }
  {
    name: 'operations-fail'
    text: 'More than a fifth of at least ten operations failed within an hour.'
    severity: 2
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 20
    query: 'AppMetrics | where Name == "acg.operations.ended" | summarize all = sum(Sum), bad = sumif(Sum, tostring(Properties.state) == "failed") | where all >= 10 | project value = 100.0 * bad / all'
  }
  {
    name: 'subscription-disabled'
    text: 'A webhook subscription was disabled: its partner hears nothing any more.'
    severity: 2
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    query: 'AppMetrics | where Name == "acg.webhooks.disabled" | summarize value = sum(Sum)'
  }
  {
    name: 'polls-stall'
    text: 'Numbers have been pending at the gateway for more than 24 hours.'
    severity: 2
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    query: 'AppMetrics | where Name == "acg.operations.stalled" | summarize value = sum(Sum)'
  }
  {
    name: 'exceptions'
    text: 'More than ten unexpected errors in 15 minutes.'
    severity: 2
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 10
    query: 'union AppExceptions, (AppTraces | where SeverityLevel >= 3) | summarize value = count()'
  }
]

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: 'alert-${rule.name}-${suffix}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: rule.name
    description: rule.text
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    autoMitigate: true
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Maximum'
          metricMeasureColumn: 'value'
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [operators.id] }
  }
}]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-dead-letters-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A wake was dead-lettered: it was none of ours, or the app could not even begin with it.'
    severity: 2
    enabled: true
    scopes: [serviceBusId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
        }
      ]
    }
    actions: [{ actionGroupId: operators.id }]
  }
}

resource storageAway 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'alert-storage-away-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The tables of all state answer fewer than 99 of 100 requests.'
    severity: 1
    enabled: true
    scopes: [stateStorageId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'availability'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Availability'
          timeAggregation: 'Average'
          operator: 'LessThan'
          threshold: 99
        }
      ]
    }
    actions: [{ actionGroupId: operators.id }]
  }
}
