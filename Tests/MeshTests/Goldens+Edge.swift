extension Goldens {
  static let edge = #"""
{
  "node": {
    "id": "edge",
    "cluster": "sakigake-edge"
  },
  "staticResources": {
    "listeners": [
      {
        "name": "edge_30080",
        "address": {
          "socketAddress": {
            "address": "127.0.0.1",
            "portValue": 30080
          }
        },
        "filterChains": [
          {
            "filters": [
              {
                "name": "envoy.filters.network.http_connection_manager",
                "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "statPrefix": "edge",
                  "routeConfig": {
                    "name": "edge_30080",
                    "virtualHosts": [
                      {
                        "name": "edge_30080",
                        "domains": [
                          "*"
                        ],
                        "routes": [
                          {
                            "match": {
                              "prefix": "/"
                            },
                            "route": {
                              "cluster": "news/articles",
                              "timeout": "15s",
                              "retryPolicy": {
                                "retryOn": "connect-failure,refused-stream,reset-before-request,retriable-headers",
                                "numRetries": 1,
                                "retryHostPredicate": [
                                  {
                                    "name": "envoy.retry_host_predicates.previous_hosts",
                                    "typedConfig": {
                                      "@type": "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
                                    }
                                  }
                                ],
                                "hostSelectionRetryMaxAttempts": "5",
                                "retryBackOff": {
                                  "baseInterval": "0.025s",
                                  "maxInterval": "0.250s"
                                },
                                "retriableHeaders": [
                                  {
                                    "name": "x-sakigake-unreached",
                                    "presentMatch": true
                                  }
                                ]
                              }
                            }
                          }
                        ],
                        "responseHeadersToRemove": [
                          "x-sakigake-unreached"
                        ]
                      }
                    ],
                    "validateClusters": true
                  },
                  "httpFilters": [
                    {
                      "name": "envoy.filters.http.router",
                      "typedConfig": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
                      }
                    }
                  ],
                  "http2ProtocolOptions": {
                    "maxConcurrentStreams": 100,
                    "initialStreamWindowSize": 65536,
                    "initialConnectionWindowSize": 1048576
                  },
                  "useRemoteAddress": true,
                  "normalizePath": true,
                  "mergeSlashes": true,
                  "commonHttpProtocolOptions": {
                    "idleTimeout": "120s"
                  },
                  "requestHeadersTimeout": "10s",
                  "pathWithEscapedSlashesAction": "KEEP_UNCHANGED"
                }
              }
            ]
          }
        ],
        "perConnectionBufferLimitBytes": 32768,
        "trafficDirection": "OUTBOUND",
        "tcpBacklogSize": 1024,
        "enableReusePort": false
      }
    ],
    "clusters": [
      {
        "name": "news/articles",
        "type": "STATIC",
        "connectTimeout": "1s",
        "perConnectionBufferLimitBytes": 32768,
        "lbPolicy": "LEAST_REQUEST",
        "circuitBreakers": {
          "thresholds": [
            {
              "maxConnections": 15360,
              "maxPendingRequests": 15360,
              "maxRequests": 15360,
              "retryBudget": {
                "budgetPercent": {
                  "value": 20
                },
                "minRetryConcurrency": 3
              }
            }
          ]
        },
        "outlierDetection": {
          "consecutive5xx": 5,
          "interval": "1s",
          "baseEjectionTime": "10s",
          "maxEjectionPercent": 34,
          "enforcingSuccessRate": 0,
          "splitExternalLocalOriginErrors": true,
          "consecutiveLocalOriginFailure": 3,
          "enforcingLocalOriginSuccessRate": 0,
          "maxEjectionTime": "60s",
          "maxEjectionTimeJitter": "5s"
        },
        "commonLbConfig": {
          "healthyPanicThreshold": {
            "value": 25
          }
        },
        "upstreamConnectionOptions": {
          "tcpKeepalive": {
            "keepaliveProbes": 2,
            "keepaliveTime": 10,
            "keepaliveInterval": 5
          }
        },
        "loadAssignment": {
          "clusterName": "news/articles",
          "endpoints": [
            {
              "lbEndpoints": [
                {
                  "endpoint": {
                    "address": {
                      "socketAddress": {
                        "address": "127.3.0.1",
                        "portValue": 15006
                      }
                    }
                  },
                  "healthStatus": "HEALTHY"
                },
                {
                  "endpoint": {
                    "address": {
                      "socketAddress": {
                        "address": "127.3.0.2",
                        "portValue": 15006
                      }
                    }
                  },
                  "healthStatus": "HEALTHY"
                }
              ],
              "loadBalancingWeight": 1
            }
          ]
        },
        "typedExtensionProtocolOptions": {
          "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "commonHttpProtocolOptions": {
              "idleTimeout": "60s"
            },
            "explicitHttpConfig": {
              "httpProtocolOptions": {}
            },
            "outlierDetection": {
              "errorMatcher": {
                "orMatch": {
                  "rules": [
                    {
                      "httpResponseHeadersMatch": {
                        "headers": [
                          {
                            "name": "x-sakigake-unreached",
                            "presentMatch": true
                          }
                        ]
                      }
                    },
                    {
                      "httpResponseHeadersMatch": {
                        "headers": [
                          {
                            "name": ":status",
                            "rangeMatch": {
                              "start": "500",
                              "end": "503"
                            }
                          }
                        ]
                      }
                    },
                    {
                      "httpResponseHeadersMatch": {
                        "headers": [
                          {
                            "name": ":status",
                            "rangeMatch": {
                              "start": "504",
                              "end": "600"
                            }
                          }
                        ]
                      }
                    }
                  ]
                }
              }
            }
          }
        },
        "leastRequestLbConfig": {
          "choiceCount": 3
        }
      }
    ]
  }
}
"""#
}
