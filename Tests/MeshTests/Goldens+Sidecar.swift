extension Goldens {
  static let sidecar = #"""
{
  "node": {
    "id": "news/articles-1",
    "cluster": "articles"
  },
  "staticResources": {
    "listeners": [
      {
        "name": "inbound",
        "address": {
          "socketAddress": {
            "address": "127.3.0.1",
            "portValue": 15006
          }
        },
        "filterChains": [
          {
            "filters": [
              {
                "name": "envoy.filters.network.http_connection_manager",
                "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "statPrefix": "inbound",
                  "routeConfig": {
                    "name": "inbound",
                    "virtualHosts": [
                      {
                        "name": "inbound",
                        "domains": [
                          "*"
                        ],
                        "routes": [
                          {
                            "match": {
                              "path": "/healthz"
                            },
                            "route": {
                              "cluster": "inbound_health",
                              "timeout": "20s"
                            }
                          },
                          {
                            "match": {
                              "prefix": "/"
                            },
                            "route": {
                              "cluster": "inbound",
                              "timeout": "20s"
                            }
                          }
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
                  "serverHeaderTransformation": "PASS_THROUGH",
                  "commonHttpProtocolOptions": {
                    "idleTimeout": "120s"
                  },
                  "localReplyConfig": {
                    "mappers": [
                      {
                        "filter": {
                          "responseFlagFilter": {
                            "flags": [
                              "UF",
                              "UO",
                              "UH"
                            ]
                          }
                        },
                        "headersToAdd": [
                          {
                            "header": {
                              "key": "x-sakigake-unreached",
                              "value": "1"
                            },
                            "appendAction": "OVERWRITE_IF_EXISTS_OR_ADD"
                          }
                        ]
                      }
                    ]
                  }
                }
              }
            ]
          }
        ],
        "perConnectionBufferLimitBytes": 32768,
        "trafficDirection": "INBOUND",
        "tcpBacklogSize": 1024,
        "enableReusePort": false
      },
      {
        "name": "outbound_ranking",
        "address": {
          "socketAddress": {
            "address": "127.3.0.1",
            "portValue": 15100
          }
        },
        "filterChains": [
          {
            "filters": [
              {
                "name": "envoy.filters.network.http_connection_manager",
                "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "statPrefix": "outbound_ranking",
                  "routeConfig": {
                    "name": "outbound_ranking",
                    "virtualHosts": [
                      {
                        "name": "outbound_ranking",
                        "domains": [
                          "*"
                        ],
                        "routes": [
                          {
                            "match": {
                              "prefix": "/"
                            },
                            "route": {
                              "cluster": "news/ranking",
                              "hostRewriteLiteral": "ranking",
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
                  "serverHeaderTransformation": "PASS_THROUGH",
                  "commonHttpProtocolOptions": {
                    "idleTimeout": "120s"
                  }
                }
              }
            ]
          }
        ],
        "perConnectionBufferLimitBytes": 32768,
        "trafficDirection": "OUTBOUND",
        "tcpBacklogSize": 1024,
        "enableReusePort": false
      },
      {
        "name": "outbound_users",
        "address": {
          "socketAddress": {
            "address": "127.3.0.1",
            "portValue": 15101
          }
        },
        "filterChains": [
          {
            "filters": [
              {
                "name": "envoy.filters.network.http_connection_manager",
                "typedConfig": {
                  "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  "statPrefix": "outbound_users",
                  "routeConfig": {
                    "name": "outbound_users",
                    "virtualHosts": [
                      {
                        "name": "outbound_users",
                        "domains": [
                          "*"
                        ],
                        "routes": [
                          {
                            "match": {
                              "prefix": "/"
                            },
                            "route": {
                              "cluster": "news/users",
                              "hostRewriteLiteral": "users",
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
                  "serverHeaderTransformation": "PASS_THROUGH",
                  "commonHttpProtocolOptions": {
                    "idleTimeout": "120s"
                  }
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
        "name": "inbound",
        "type": "STATIC",
        "connectTimeout": "1s",
        "perConnectionBufferLimitBytes": 32768,
        "circuitBreakers": {
          "thresholds": [
            {
              "maxConnections": 8192,
              "maxPendingRequests": 8192,
              "maxRequests": 8192,
              "retryBudget": {
                "budgetPercent": {
                  "value": 20
                },
                "minRetryConcurrency": 3
              }
            }
          ]
        },
        "loadAssignment": {
          "clusterName": "inbound",
          "endpoints": [
            {
              "lbEndpoints": [
                {
                  "endpoint": {
                    "address": {
                      "socketAddress": {
                        "address": "127.3.0.1",
                        "portValue": 8080
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
              "idleTimeout": "4s"
            },
            "explicitHttpConfig": {
              "httpProtocolOptions": {}
            }
          }
        }
      },
      {
        "name": "inbound_health",
        "type": "STATIC",
        "connectTimeout": "1s",
        "perConnectionBufferLimitBytes": 32768,
        "circuitBreakers": {
          "thresholds": [
            {
              "maxConnections": 8192,
              "maxPendingRequests": 8192,
              "maxRequests": 8192,
              "retryBudget": {
                "budgetPercent": {
                  "value": 20
                },
                "minRetryConcurrency": 3
              }
            }
          ]
        },
        "loadAssignment": {
          "clusterName": "inbound_health",
          "endpoints": [
            {
              "lbEndpoints": [
                {
                  "endpoint": {
                    "address": {
                      "socketAddress": {
                        "address": "127.3.0.1",
                        "portValue": 8080
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
              "idleTimeout": "4s"
            },
            "explicitHttpConfig": {
              "httpProtocolOptions": {}
            }
          }
        }
      },
      {
        "name": "news/ranking",
        "type": "STATIC",
        "connectTimeout": "1s",
        "perConnectionBufferLimitBytes": 32768,
        "lbPolicy": "LEAST_REQUEST",
        "circuitBreakers": {
          "thresholds": [
            {
              "maxConnections": 1024,
              "maxPendingRequests": 1024,
              "maxRequests": 1024,
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
          "maxEjectionPercent": 50,
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
          "clusterName": "news/ranking"
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
      },
      {
        "name": "news/users",
        "type": "STATIC",
        "connectTimeout": "1s",
        "perConnectionBufferLimitBytes": 32768,
        "lbPolicy": "LEAST_REQUEST",
        "circuitBreakers": {
          "thresholds": [
            {
              "maxConnections": 5120,
              "maxPendingRequests": 5120,
              "maxRequests": 5120,
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
          "maxEjectionPercent": 50,
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
          "clusterName": "news/users",
          "endpoints": [
            {
              "lbEndpoints": [
                {
                  "endpoint": {
                    "address": {
                      "socketAddress": {
                        "address": "127.4.0.1",
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
                        "address": "127.4.0.2",
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
                        "address": "127.4.0.3",
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
